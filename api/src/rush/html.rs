//! The report as one HTML file: figures and two plots, no script, no network.

use super::Report;
use super::figures::{latency, throughput};
use std::fmt::Write;
use std::time::Duration;

/// Slices of the plot of throughput.
const SLICES: usize = 60;
/// Width of a plot, in pixels.
const WIDTH: f64 = 720.0;
/// Height of a plot, in pixels.
const HEIGHT: f64 = 240.0;

/// The report.
pub fn page(report: &Report) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>常青 · 抢位演练 Rush</title><style>\
         body{font:16px/1.6 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#1d2b26}\
         table{border-collapse:collapse}td{padding:.15rem 1.2rem .15rem 0}td+td{text-align:right;font-variant-numeric:\
         tabular-nums}svg{width:100%;height:auto;background:#f4f8f6;border-radius:8px}.bad{color:#b3261e}\
         text{font:12px system-ui,sans-serif;fill:#52665e}</style>",
    );
    let verdict = if report.verdict.holds() {
        "全部承诺都兑现了 · every promise kept"
    } else {
        "有承诺未兑现 · broken promises"
    };
    let class = if report.verdict.holds() { "" } else { " class=\"bad\"" };
    let _ = write!(html, "<h1>常青 · 抢位演练 <small>Rush</small></h1><p{class}>{verdict}</p><table>");
    for (name, value) in report.lines() {
        let _ = write!(html, "<tr><td>{}</td><td>{}</td></tr>", escape(&name), escape(&value));
    }
    html.push_str("</table><h2>每秒答复数 <small>Answers per second over time</small></h2>");
    html.push_str(&bars(&throughput(&report.rush, SLICES), report.rush.took));
    html.push_str("<h2>等待时间分布 <small>Latency: share of answers within a time</small></h2>");
    html.push_str(&shares(report));
    html.push_str("</html>");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn bars(values: &[f64], took: Duration) -> String {
    let most = values.iter().copied().fold(1.0, f64::max);
    let step = WIDTH / f64::from(u32::try_from(values.len().max(1)).unwrap_or(1));
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {}\">", HEIGHT + 20.0);
    let mut x = 0.0;
    for value in values {
        let height = value / most * (HEIGHT - 20.0);
        let (top, width) = (HEIGHT - height, step * 0.8);
        let _ = write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"#2e7d5b\"/>"
        );
        x += step;
    }
    let _ = write!(
        svg,
        "<text x=\"4\" y=\"14\">{most:.0}/s</text><text x=\"0\" y=\"{}\">0</text>",
        HEIGHT + 15.0
    );
    let (x, y) = (WIDTH - 60.0, HEIGHT + 15.0);
    let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\">{:.2} s</text></svg>", took.as_secs_f64());
    svg
}

fn shares(report: &Report) -> String {
    let mut took: Vec<f64> =
        report.rush.answers.iter().map(|answer| answer.took.as_secs_f64() * 1e3).collect();
    took.sort_unstable_by(f64::total_cmp);
    let longest = took.last().copied().unwrap_or(1.0).max(1e-6);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {}\"><polyline fill=\"none\" stroke=\"#2e7d5b\" stroke-width=\"2\" points=\"",
        HEIGHT + 20.0
    );
    for share in 0..=100_u32 {
        let place = (took.len() * share as usize / 100).min(took.len().saturating_sub(1));
        let x = took.get(place).copied().unwrap_or_default() / longest * WIDTH;
        let y = HEIGHT - f64::from(share) / 100.0 * (HEIGHT - 20.0);
        let _ = write!(svg, "{x:.1},{y:.1} ");
    }
    let p50 = latency(&report.rush).p50.as_secs_f64() * 1e3;
    let (x, y) = (WIDTH - 90.0, HEIGHT + 15.0);
    let _ = write!(
        svg,
        "\"/><text x=\"4\" y=\"14\">100 %</text><text x=\"0\" y=\"{y}\">0 ms · p50 {p50:.1} ms</text>\
         <text x=\"{x}\" y=\"{y}\">{longest:.0} ms</text></svg>"
    );
    svg
}
