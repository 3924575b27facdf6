//! The pages about the parts of the program that leads and finance work with.

use super::{Page, Voice};
use crate::domain::size::{OPEN_DEALS, PARTNERS};

pub(super) fn handover(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} says what goes at risk when somebody leaves, and proposes who gets each deal and role: the backup first, else who knows the partner or account or manages the partner. The number is a lead's unless another is chosen. Each can be changed before the start.",
            voice.command("handover plan")
        ),
        format!(
            "{} makes the lead the owner of the open deals, and of the number, and gives them the open actions, at once; an action on a deal goes where the deal goes. Each recipient gets one message with a brief a deal, and accepts or declines.",
            voice.command("handover start")
        ),
        format!(
            "{} shows who has not answered and what was declined, and finds somebody else for it. After 2 business days a lead can assign without acceptance; what is declined is told to the leads and waits until somebody has it.",
            voice.command("handover status")
        ),
        format!(
            "A lead takes it back within 7 days with {}: what nobody touched since. Credit for won deals never moves.",
            voice.command("handover undo")
        ),
        "These are for leads. When an owner or partner manager has left the server, the alert offers **Plan the handover**.".to_owned(),
    ];
    ("When somebody leaves", lines)
}

pub(super) fn number(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} shows the number of a quarter: sourced won against the target, what is left, coverage, and who owns it. Influenced and undecided stand beside it and are never added.",
            voice.command("program view")
        ),
        format!(
            "{} shows what closes when. **Show deals** opens each figure to its deals and their evidence.",
            voice.command("program forecast")
        ),
        format!(
            "Leads name its owner with {} and set targets with {}.",
            voice.command("program owner"),
            voice.command("program target")
        ),
        "Open deals past their close aren't counted; the figure says how much that is.".to_owned(),
        "A quarter that is over stays as it was: a later correction counts as an adjustment in the quarter in which it is made.".to_owned(),
    ];
    ("The number", lines)
}

pub(super) fn report(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "Leads and finance prove a quarter with {}: a picture, a page, CSV, or a workbook.",
            voice.command("program report")
        ),
        "It tells sourced and influenced, claimed and confirmed, on time and late; win rate and cycle beside what the company reaches alone; cost and return.".to_owned(),
        format!(
            "Leads note costs with {}, several in a quarter add up, and enter what the company reaches alone with {}.",
            voice.command("program cost"),
            voice.command("program baseline")
        ),
        "A figure with too little to go by says what is missing; it is never 0.".to_owned(),
        "A quarter that is over prints the same again.".to_owned(),
    ];
    ("Report", lines)
}

pub(super) fn health(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} tells a program from a streak, by spread, motion, ownership, attribution and cadence, each figure beside what it is measured by.",
            voice.command("program health")
        ),
        format!(
            "Leads and finance see who carries it, and what each departure would leave, with {}.",
            voice.command("program champions")
        ),
        format!(
            "What helps: a backup for each deal ({}), and two on each side who know the partner (leads and the partner's manager: {}).",
            voice.command("deal assign"),
            voice.command("partner contact")
        ),
        "In plan mode each partner's plan is shown instead.".to_owned(),
    ];
    ("Health and champions", lines)
}

pub(super) fn pay(voice: &Voice) -> Page {
    let lines = vec![
        "A deal sold with a partner should pay its owner at least what the same deal pays solo.".to_owned(),
        "Solo: amount × solo rate. Co-sell: amount × co-sell rate + SPIFF. Quota credit is shown beside it.".to_owned(),
        "The terms count that are in force on the day the deal closes.".to_owned(),
        format!(
            "You are told what your deals pay, in answers that only you see: after {}, and in {}.",
            voice.command("deal new"),
            voice.command("my work")
        ),
        format!(
            "Leads set the terms with {}; leads and finance see what falls short with {}.",
            voice.command("program comp"),
            voice.command("program parity")
        ),
    ];
    ("What deals pay", lines)
}

pub(super) fn import(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "Admins take deals from a CRM's CSV with {}. It shows first what it would do, and names each row that it can't read.",
            voice.command("cosell import")
        ),
        "A deal that is here already is known by the CRM's id, and keeps its stage, owner and class. Nobody is reminded of imported deals for 5 business days.".to_owned(),
        format!(
            "Leads and finance get class, partner, evidence and date with {}, by the CRM's id, to load back there.",
            voice.command("program export")
        ),
        format!(
            "Admins get everything of this server as a file with {}. It holds what deals pay, so keep it safe.",
            voice.command("cosell export")
        ),
        format!(
            "Admins blank what a person typed with {}, and delete everything with {}; both ask first.",
            voice.command("cosell forget person"),
            voice.command("cosell forget workspace")
        ),
    ];
    ("Import and export", lines)
}

pub(super) fn plan_mode(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "For {PARTNERS} active partners and {OPEN_DEALS} open deals at most: a plan for each partner instead of a program. The number, health and champions are hidden."
        ),
        format!(
            "{} shows a partner's plan: what both sides want and owe. Leads and the partner's manager edit it there.",
            voice.command("partner plan")
        ),
        "Deals, reminders and reviews work the same.".to_owned(),
        format!(
            "Admins change it with {} `mode:`, and back. After a month above that size, program mode is suggested in the ops channel, once.",
            voice.command("cosell config")
        ),
    ];
    ("Plan mode", lines)
}
