//! The README and the pages in `docs/`, taken apart: prose, fenced blocks by what they hold, and comments that tell what
//! happens meanwhile.

use std::path::Path;

/// What a fenced block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// What the page's reader types in Discord.
    Discord,
    /// Lines of the sandbox's prompt.
    Sandbox,
    /// Lines of a shell.
    Shell,
    /// What is only shown.
    Shown,
}

/// A piece of a page.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Sentences and tables.
    Prose(String),
    /// A fenced block.
    Fenced(Block, String),
    /// A comment of what others do.
    Meanwhile(String),
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its file's name without the ending.
    pub name: String,
    pub pieces: Vec<Piece>,
}

impl Page {
    /// The README and all pages of the folder.
    pub fn all() -> Vec<Page> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = vec![root.join("README.md")];
        let there = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
        files.extend(there.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
        files.iter().map(|file| Page::read(file)).collect()
    }

    pub fn named(name: &str) -> Page {
        Page::all().into_iter().find(|page| page.name == name).unwrap_or_else(|| panic!("there is no page {name}"))
    }

    fn read(file: &Path) -> Page {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file).unwrap();
        let (mut pieces, mut prose) = (Vec::new(), String::new());
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let until = |lines: &mut std::str::Lines<'_>, end: &str| {
                let inner: Vec<&str> = lines.by_ref().map(str::trim).take_while(|line| *line != end).collect();
                inner.join("\n")
            };
            let piece = match line.trim() {
                "<!-- meanwhile" => Piece::Meanwhile(until(&mut lines, "-->")),
                fence if fence.starts_with("```") => Piece::Fenced(block(&name, fence), until(&mut lines, "```")),
                _ => {
                    prose.push_str(line);
                    prose.push('\n');
                    continue;
                }
            };
            pieces.extend([Piece::Prose(std::mem::take(&mut prose)), piece]);
        }
        pieces.push(Piece::Prose(prose));
        Page { name, pieces }
    }

    fn prose(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Prose(text) => Some(text.as_str()),
            Piece::Fenced(..) | Piece::Meanwhile(_) => None,
        })
    }

    /// What stands between back-ticks in its sentences.
    pub fn spans(&self) -> impl Iterator<Item = &str> {
        self.prose().flat_map(|text| text.split('`').skip(1).step_by(2))
    }

    /// The files that its sentences lead to.
    pub fn links(&self) -> Vec<&str> {
        let targets = self.prose().flat_map(|text| text.split("](").skip(1)).filter_map(|rest| rest.split(')').next());
        targets.filter(|target| !target.contains("://") && !target.starts_with('#')).collect()
    }
}

fn block(name: &str, fence: &str) -> Block {
    match fence.trim_start_matches('`') {
        "discord" => Block::Discord,
        "sandbox" => Block::Sandbox,
        "sh" => Block::Shell,
        "text" | "ini" => Block::Shown,
        other => panic!("{name}: nobody knows what a block “{other}” is"),
    }
}
