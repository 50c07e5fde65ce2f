//! The language that is spoken, as tags have it: three letters of ISO 639-2/T, which an MP4 packs into 15 bits.

/// The codes of two letters (ISO 639-1), each followed by that of three (ISO 639-2/T) for the same language.
const CODES: &str = "\
    aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis bmbam bnben bobod brbre \
    bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest \
    eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat \
    huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz \
    klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg \
    mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya \
    ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme \
    sgsag shhbs sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir \
    tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid \
    yoyor zazha zhzho zuzul";

/// What stands for a language that nobody told.
const UNDETERMINED: &str = "und";

/// The code of a language tag (BCP 47) in 15 bits: five for each letter, of which `a` is 1 (ISO/IEC 14496-12, 8.4.2.3).
pub(super) fn packed(tag: &str) -> u16 {
    code(tag).bytes().fold(0, |packed, letter| packed << 5 | u16::from(letter & 0x1f))
}

/// The three letters for a language tag; `und` where there are none.
pub(super) fn code(tag: &str) -> String {
    let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let is_code =
        |length: usize| language.len() == length && language.bytes().all(|letter| letter.is_ascii_lowercase());
    let listed = || CODES.split(' ').find(|codes| codes.starts_with(&language)).map(|codes| codes[2..].to_owned());
    if is_code(3) { language } else { listed().filter(|_| is_code(2)).unwrap_or_else(|| UNDETERMINED.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_tag_becomes_the_code_that_players_know() {
        let known =
            [("en-US", "eng"), ("de", "deu"), ("FR", "fra"), ("zh-Hant-TW", "zho"), ("ar", "ara"), ("yue", "yue")];
        let unknown =
            [("", "und"), ("x-klingon", "und"), ("english", "und"), ("ü", "und"), ("12", "und"), ("qq", "und")];
        for (tag, three) in known.into_iter().chain(unknown) {
            assert_eq!(code(tag), three, "{tag}");
        }
        assert_eq!((packed("en"), packed("")), (0x15c7, 0x55c4));
        assert!(CODES.split(' ').count() == 184 && CODES.split(' ').all(|codes| codes.len() == 5));
    }
}
