//! What a run was measured on.

use std::fs::read_to_string;

/// Processor, cores, memory and kernel, in a line.
pub fn describe() -> String {
    let processor = find("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = find("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let memory = memory.map_or(String::new(), |kibibytes| format!(", {} GiB", kibibytes.div_ceil(1024 * 1024)));
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{processor}, {cores} cores{memory}, Linux {}", kernel.trim())
}

/// The value of a line `name : value`.
pub fn find(file: &str, name: &str) -> Option<String> {
    let text = read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
