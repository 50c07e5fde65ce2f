//! For `cargo +nightly fuzz run --features libfuzzer share`: bytes as libFuzzer makes them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    catcow_fuzz::targets::share(bytes);
});
