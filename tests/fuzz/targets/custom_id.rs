//! Any id is read or is none of ours; what was read is written and read as the same.
#![no_main]

use cosell_fuzz::render::custom_id::CustomId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(id) = CustomId::parse(text) else { return };
    for place in 0..=id.arguments.len() {
        let _ = (id.number(place), id.index(place), id.word(place));
    }
    // Discord takes no longer ones.
    if text.encode_utf16().count() <= 100 {
        assert_eq!(CustomId::parse(id.to_control().as_str()), Some(id));
    }
});
