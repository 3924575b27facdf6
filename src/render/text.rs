//! Text that people typed, made safe to stand beside ours: it can't ping, forge a link or break the layout. And lengths
//! as Discord counts them: UTF-16 code units.

use unicode_segmentation::UnicodeSegmentation;

/// A length in UTF-16 code units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text, or as much of it as fits with an ellipsis; never cuts inside what a person sees as one character, nor
/// between a backslash and what it escapes.
pub fn clip(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1; // the ellipsis
    for grapheme in text.graphemes(true) {
        used += units(grapheme);
        if used > limit {
            break;
        }
        kept.push_str(grapheme);
    }
    let backslashes = kept.len() - kept.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        kept.pop();
    }
    let kept = kept.trim_end();
    if limit == 0 { String::new() } else { format!("{kept}…") }
}

/// Typed text as one line for where Discord reads no markdown: labels, options, choices, footers.
pub fn plain(typed: &str) -> String {
    let mut line = String::with_capacity(typed.len());
    for grapheme in typed.graphemes(true) {
        push_visible(&mut line, grapheme);
    }
    isolated(line.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a person would see nothing of it: blanks, and characters that show nothing.
pub fn shows_nothing(typed: &str) -> bool {
    plain(typed).is_empty()
}

/// Typed text as one line for where Discord reads markdown: contents, titles, descriptions, fields.
pub fn escape(typed: &str) -> String {
    let line = plain(typed);
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line.as_str();
    while let Some(next) = rest.chars().next() {
        let taken = if let Some(url) = link_at(rest, &out) {
            push_link(&mut out, url);
            url.len()
        } else {
            push_escaped(&mut out, next, rest);
            next.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

/// [`escape`] of as much as stays readable in a line of many: clipped first, so that no escape is cut.
pub fn brief(typed: &str, limit: usize) -> String {
    let mut keep = limit;
    loop {
        let text = escape(&clip(&plain(typed), keep));
        if units(&text) <= limit || keep == 0 {
            return text;
        }
        keep = keep.saturating_sub((units(&text) - limit).max(1));
    }
}

/// Words as they begin a sentence.
pub fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// [`escape`] that keeps the lines of a longer text, blank ones folded.
pub fn escape_lines(typed: &str) -> String {
    let lines: Vec<String> = typed.lines().map(escape).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Keeps what is seen: drops controls, direction overrides and invisible fillers, turns every kind of space into one,
/// and ends a tower of combining marks. Joiners stay inside a grapheme, where emoji and scripts need them.
fn push_visible(line: &mut String, grapheme: &str) {
    const MARKS: usize = 12;
    if grapheme.chars().all(|c| is_invisible(c) || is_joiner(c)) {
        if grapheme.chars().any(char::is_whitespace) {
            line.push(' ');
        }
        return;
    }
    for c in grapheme.chars().take(MARKS) {
        match c {
            c if c.is_whitespace() || is_blank(c) => line.push(' '),
            c if is_invisible(c) => {}
            c => line.push(c),
        }
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// Letters that show nothing, with which a blank name could be made.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}')
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Text with letters of a right-to-left script is isolated, so that it doesn't turn around what stands beside it.
fn isolated(line: String) -> String {
    let turns = line.chars().any(|c| {
        matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
    });
    if turns { format!("\u{2068}{line}\u{2069}") } else { line }
}

/// An address that Discord would make a link of anyway, at the beginning of `rest`.
fn link_at<'t>(rest: &'t str, before: &str) -> Option<&'t str> {
    let head = rest.get(..8).unwrap_or(rest).to_ascii_lowercase();
    let scheme = ["https://", "http://"].into_iter().find(|s| head.starts_with(s))?;
    if before.ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let end = rest.find(|c: char| c.is_whitespace() || "<>\"\\`|*\u{2068}\u{2069}".contains(c)).unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(|c: char| ".,;:!?'_~)]}".contains(c));
    (url.len() > scheme.len()).then_some(url)
}

/// In angle brackets, so that it shows its whole address, as typed, and unfolds no preview.
fn push_link(out: &mut String, url: &str) {
    out.push('<');
    out.push_str(&url.replace('@', "%40"));
    out.push('>');
}

fn push_escaped(out: &mut String, c: char, rest: &str) {
    let begins = out.is_empty() || out == "\u{2068}";
    let numbers_a_list = c == '.' && !begins && out.trim_start_matches('\u{2068}').chars().all(|c| c.is_ascii_digit());
    let marks_a_line = begins && matches!(c, '#' | '-' | '+' | '>');
    if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>') || numbers_a_list || marks_a_line {
        out.push('\\');
    }
    out.push(c);
    if c == '@' && pings(&rest[1..]) {
        out.push('\u{200B}');
    }
}

/// Whether what follows an `@` would make it a mention: `@everyone`, `@here`, `<@…>`.
fn pings(after: &str) -> bool {
    let lower = after.get(..8).unwrap_or(after).to_ascii_lowercase();
    lower.starts_with("everyone")
        || lower.starts_with("here")
        || after.starts_with(|c: char| c.is_ascii_digit() || c == '!' || c == '&')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn typed_text_shows_as_it_was_typed_and_does_nothing() {
        for (typed, shown) in [
            ("Globex", "Globex"),
            ("@everyone look", "@\u{200B}everyone look"),
            ("<@123> <@&5>", "\\<@\u{200B}123\\> \\<@\u{200B}&5\\>"),
            ("**bold** _x_ ||y||", "\\*\\*bold\\*\\* \\_x\\_ \\|\\|y\\|\\|"),
            ("[pay](https://evil.example/a_b)", "\\[pay\\](<https://evil.example/a_b>)"),
            ("# big", "\\# big"),
            ("- item", "\\- item"),
            ("1. item", "1\\. item"),
            ("a-b #3 > 2", "a-b #3 \\> 2"),
            ("```code```", "\\`\\`\\`code\\`\\`\\`"),
            ("two\nlines\t here", "two lines here"),
            ("https://crm.example/d/1.", "<https://crm.example/d/1>."),
            ("https://globex.com@evil.example", "<https://globex.com%40evil.example>"),
            ("\u{202E}gnp.exe", "gnp.exe"),
            ("a\u{200B}b", "ab"),
            ("👩‍👩‍👧 ok", "👩‍👩‍👧 ok"),
            ("ana@globex.example", "ana@globex.example"),
            ("שלום", "\u{2068}שלום\u{2069}"),
            ("\u{3164}", ""),
        ] {
            assert_eq!(escape(typed), shown, "{typed}");
        }
    }

    #[test]
    fn what_nobody_sees_shows_nothing() {
        for blank in [
            "",
            " \t\n",
            "\u{200B}",
            "\u{2060}\u{FEFF}",
            "\u{00AD} \u{202E}",
            "\u{2066}\u{2069}",
            "\u{3164}",
            "\u{200D}",
        ] {
            assert!(shows_nothing(blank), "{blank:?}");
        }
        for seen in [".", "a\u{200B}", "\u{202E}x", "👩‍👩‍👧", "שלום"] {
            assert!(!shows_nothing(seen), "{seen:?}");
        }
    }

    #[test]
    fn a_clip_ends_between_characters_as_people_see_them() {
        assert_eq!(clip("Globex", 6), "Globex");
        assert_eq!(clip("Globex AG", 7), "Globex…");
        assert_eq!(clip("👩‍👩‍👧👩‍👩‍👧", 9), "👩‍👩‍👧…");
        assert_eq!(clip("👩‍👩‍👧", 5), "…");
        assert_eq!(clip("ab\\*c", 4), "ab…");
        assert_eq!(clip("abc", 0), "");
    }

    #[test]
    fn lines_of_a_note_stay_lines() {
        assert_eq!(escape_lines("one\n\n# two\r\nthree"), "one\n\\# two\nthree");
    }

    #[test]
    fn a_tower_of_marks_ends() {
        let tower = format!("a{}", "\u{0301}".repeat(500));
        assert!(escape(&tower).chars().count() <= 12);
    }

    proptest! {
        #[test]
        fn no_typed_text_can_ping_or_forge_a_link(typed in "\\PC*|[@<>&!#0-9a-zA-Z\\[\\]()*_`~|\\\\:/. \\n\u{202E}\u{200D}-]{0,60}") {
            let shown = escape(&typed);
            prop_assert!(!shown.contains('\n'));
            prop_assert!(!shown.to_lowercase().contains("@everyone"));
            prop_assert!(!shown.to_lowercase().contains("@here"));
            for forged in ["<@1", "<@!", "<@&", "<#", "<:", "<t:", "</", "<a:"] {
                prop_assert!(!unescaped(&shown).contains(forged), "{shown}");
            }
            prop_assert!(!unescaped(&shown).contains("]("), "{shown}");
            let turns = shown.contains(['\u{202E}', '\u{202D}', '\u{2066}', '\u{2067}']);
            prop_assert!(!turns);
        }

        #[test]
        fn a_clip_keeps_its_limit(text in "\\PC*", limit in 0usize..40) {
            prop_assert!(units(&clip(&text, limit)) <= limit);
            prop_assert!(units(&brief(&text, limit)) <= limit);
        }
    }

    /// What Discord would still read as markdown: the text without escaped characters.
    fn unescaped(shown: &str) -> String {
        let mut out = String::new();
        let mut chars = shown.chars();
        while let Some(c) = chars.next() {
            if c == '\\' {
                chars.next();
                out.push(' ');
            } else {
                out.push(c);
            }
        }
        out
    }
}
