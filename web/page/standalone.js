// A page on the home screen of an iPhone.

let context = null;

/** Pages on the home screen of an iPhone lose an element's sound in the background (WebKit bug 261858); one that sounds through a
 * context does not. In a tab it is the other way round, so only there. */
export function throughContext(audio) {
  if (navigator.standalone !== true || typeof AudioContext !== "function") return;
  context ??= new AudioContext();
  context.createMediaElementSource(audio).connect(context.destination);
  context.resume();
}
