//! For `cargo +nightly fuzz run --features libfuzzer log`: bytes as libFuzzer makes them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    catcow_fuzz::targets::log(bytes);
});
