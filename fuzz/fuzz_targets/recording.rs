//! For `cargo +nightly fuzz run --features libfuzzer recording`: bytes as libFuzzer makes them, with their checksums put right.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    catcow_fuzz::targets::TARGETS.iter().filter(|target| target.name == "recording").for_each(|target| {
        let mut bytes = bytes.to_vec();
        catcow_fuzz::recording::checksums(&mut bytes);
        (target.run)(&bytes);
    });
});
