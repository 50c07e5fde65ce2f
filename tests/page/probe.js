// Runs in the page before its own scripts, and keeps what a test asks for: what is appended, errors, times. `PROBE` stands before it.
(() => {
    const wishes = typeof PROBE === "object" ? PROBE : {};
    const probe = (window.probe = { errors: [], appended: [], removed: [], buffers: [], sources: [], elements: [], events: [], quotas: 0, ended: 0, engine: [] });
    const now = () => performance.now();
    const keep = text => probe.errors.push(String(text));

    addEventListener("error", event => keep(event.message || `not loaded: ${event.target?.src ?? event.target?.href}`), true);
    addEventListener("unhandledrejection", event => keep(event.reason?.stack ?? event.reason));
    addEventListener("securitypolicyviolation", event => keep(`content policy: ${event.violatedDirective} ${event.blockedURI}`));
    const said = console.error;
    console.error = (...parts) => (keep(parts.map(part => part?.stack ?? part).join(" ")), said.apply(console, parts));

    if (wishes.without) for (const name of wishes.without) {
        delete window[name];
        if (name in window) window[name] = undefined;
    }
    if (wishes.later) {
        const begin = Date.now();
        probe.skew = wishes.later;
        const Plain = Date;
        window.Date = class extends Plain {
            constructor(...parts) {
                super(...(parts.length ? parts : [Plain.now() + probe.skew]));
            }
            static now() {
                return Plain.now() + probe.skew;
            }
        };
    }

    for (const kind of ["MediaSource", "ManagedMediaSource"]) {
        const prototype = window[kind]?.prototype;
        if (!prototype || !Object.hasOwn(prototype, "addSourceBuffer")) continue;
        const { addSourceBuffer, endOfStream } = prototype;
        prototype.addSourceBuffer = function (type) {
            const buffer = addSourceBuffer.call(this, type);
            probe.sources.push(this);
            probe.buffers.push(buffer);
            probe.kind = this.constructor.name;
            return buffer;
        };
        prototype.endOfStream = function (...parts) {
            probe.ended += 1;
            return endOfStream.apply(this, parts);
        };
    }
    if (window.SourceBuffer) {
        const { appendBuffer, remove } = SourceBuffer.prototype;
        SourceBuffer.prototype.appendBuffer = function (data) {
            const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice() : new Uint8Array(data.slice(0));
            if (wishes.quota) {
                // As a browser does: what is behind the place that plays makes way, and then there is room or not.
                const [ahead] = probe.ahead(this);
                if (ahead > wishes.quota) {
                    probe.quotas += 1;
                    throw new DOMException("the test's quota is full", "QuotaExceededError");
                }
            }
            const result = appendBuffer.call(this, data);
            probe.appended.push({ at: now(), bytes, offset: this.timestampOffset, buffer: probe.buffers.indexOf(this), playing: probe.element?.currentTime ?? 0 });
            return result;
        };
        SourceBuffer.prototype.remove = function (from, to) {
            probe.removed.push({ at: now(), from, to, before: probe.appended.length });
            return remove.call(this, from, to);
        };
    }
    /** Seconds that are buffered from the place that plays on, and where they end. */
    probe.ahead = buffer => {
        // A source buffer or an element: both know what is buffered.
        const time = probe.element?.currentTime ?? 0;
        const ranges = buffer?.buffered;
        for (let at = 0; ranges && at < ranges.length; at++) {
            if (ranges.start(at) <= time + 0.1 && time <= ranges.end(at)) return [ranges.end(at) - time, ranges.end(at)];
        }
        return [0, time];
    };

    const watch = element => {
        if (probe.elements.includes(element)) return;
        probe.elements.push(element);
        probe.element = element;
        for (const name of ["play", "playing", "pause", "waiting", "stalled", "seeking", "seeked", "ended", "error", "emptied"]) {
            element.addEventListener(name, () => probe.events.push({ name, at: now(), time: element.currentTime, error: element.error?.message }));
        }
    };
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
        watch(this);
        probe.element = this;
        if (probe.firstSound === undefined) {
            probe.firstSound = null;
            const look = setInterval(() => {
                if (!(this.currentTime > 0.02 && this.duration > 1)) return;
                clearInterval(look);
                probe.firstSound = { afterTouch: now() - probe.clicked.at, afterNothing: now() };
            }, 4);
        }
        const began = play.call(this);
        began?.catch(error => probe.events.push({ name: `play refused: ${error.name}`, at: now(), time: this.currentTime }));
        return began;
    };
    // What the page asks its engine for and how far that has come; only wishes and numbers of packets are looked at.
    if (window.Worker) {
        const Plain = Worker;
        window.Worker = class extends Plain {
            constructor(...parts) {
                super(...parts);
                const asked = new Map();
                this.asked = asked;
                // The first is the one that plays; another one makes a file of it.
                this.isFirst = (probe.workers = (probe.workers ?? 0) + 1) === 1;
                this.addEventListener("message", ({ data }) => {
                    const request = asked.get(data?.id);
                    if (!request || data.progress !== undefined) return;
                    asked.delete(data.id);
                    probe.answered = now();
                    probe.waiting = asked.size;
                    if (!this.isFirst) return;
                    if (request.do === "encode" && data.ok) Object.assign(probe.encoded, { packet: data.ok.packet + data.ok.packets, isWhole: Boolean(data.ok.end), at: now() });
                    if (data.ok?.plan || request.do === "open") probe.plan = data.ok?.plan ?? data.ok;
                    if (["longer", "let-go", "less"].includes(request.do)) probe.changes.push({ name: request.do, frame: request.frame, at: now(), ...data.ok, plan: undefined });
                });
                this.addEventListener("error", event => keep(`worker: ${event.message}`));
            }
            postMessage(message, ...parts) {
                if (message?.request) {
                    if (this.isFirst) probe.engine.push(message.request);
                    this.asked.set(message.id, message.request);
                    probe.waiting = this.asked.size;
                }
                return super.postMessage(message, ...parts);
            }
        };
    }
    probe.encoded = { packet: 0, isWhole: false, at: 0 };
    probe.changes = [];
    /** The wishes of the session that was opened last. */
    probe.wishes = () => probe.engine.findLast(request => request.do === "open")?.wishes;
    addEventListener("click", event => (probe.clicked = { at: event.timeStamp, now: now(), what: event.target?.textContent?.trim().slice(0, 40) }), true);

    /** Waits until sound goes on from `from`, and tells when, in milliseconds since `since`. */
    probe.heard = (from, since, within = 120_000) =>
        new Promise((done, failed) => {
            const end = now() + within;
            const look = setInterval(() => {
                const element = probe.element;
                const time = element?.currentTime ?? 0;
                if (element && !element.paused && !element.seeking && time > from && time < from + 30) {
                    clearInterval(look);
                    done(now() - since);
                } else if (now() > end) {
                    clearInterval(look);
                    failed(new Error(`not heard after ${within} ms: at ${time}, ${JSON.stringify(probe.events.slice(-8))}`));
                }
            }, 4);
        });

    /** Begins to keep what is heard: 16-bit samples of `rate`, with the places at which they were taken. */
    probe.listen = async rate => {
        const context = (probe.context ??= new AudioContext({ sampleRate: rate }));
        await context.resume();
        probe.source ??= context.createMediaElementSource(probe.element);
        const taker = context.createScriptProcessor(4096, 1, 1);
        probe.taken = [];
        taker.onaudioprocess = event =>
            probe.taken.push({ time: probe.element.currentTime, samples: Array.from(event.inputBuffer.getChannelData(0), value => Math.round(value * 32767)) });
        probe.source.connect(taker);
        taker.connect(context.destination);
    };

    /** What was appended, as text that WebDriver can carry: JSON with the bytes in base64. */
    probe.fragments = () =>
        probe.appended.map(({ bytes, ...rest }) => {
            let text = "";
            for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
            return { ...rest, base64: btoa(text) };
        });
})();
