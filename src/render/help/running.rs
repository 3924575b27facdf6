//! The pages for those who run the program and look after the bot.

use super::{Page, Voice};

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
            "{} within 7 days moves back what nobody touched since. Credit for won deals never moves.",
            voice.command("handover undo")
        ),
        "These are for leads. When an owner or partner manager has left the server, the alert offers **Plan the handover**.".to_owned(),
    ];
    ("When somebody leaves", lines)
}

pub(super) fn program(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} shows the number of a quarter: sourced won against the target, what is left, coverage, and who owns it. Influenced and undecided stand beside it and are never added.",
            voice.command("program view")
        ),
        format!(
            "{} shows what closes when, {} how meetings and stalls went.",
            voice.command("program forecast"),
            voice.command("program cadence")
        ),
        format!(
            "Leads name its owner with {}, set targets with {} and costs with {}.",
            voice.command("program owner"),
            voice.command("program target"),
            voice.command("program cost")
        ),
        format!(
            "{} tells a program from a streak, with every figure and its threshold. Leads and finance see who carries it, and what each departure would leave, with {}.",
            voice.command("program health"),
            voice.command("program champions")
        ),
        format!(
            "Leads and finance prove it with {}: a picture, a page, CSV, or a workbook. Leads enter what the company reaches alone with {}.",
            voice.command("program report"),
            voice.command("program baseline")
        ),
        format!(
            "{} gives leads and finance class, partner, evidence and date by the CRM's id, to load back there.",
            voice.command("program export")
        ),
        "A quarter that is over stays as it was: a later correction counts as an adjustment in the quarter in which it is made.".to_owned(),
    ];
    ("Program", lines)
}

pub(super) fn roles(voice: &Voice) -> Page {
    let lines = vec![
        format!("**Rep** ({}): records deals, notes on any, changes their own.", voice.reps()),
        "**Owner**: answers for a deal; the backup and whoever covers may do the same.".to_owned(),
        format!("**Lead** ({}): runs the program and may change every deal, partner and review.", voice.lead_role()),
        "**Finance**: reads everything.".to_owned(),
        "**The owner of the number** counts as lead.".to_owned(),
        "**Admin**: has Manage Server, counts as lead, and looks after the bot. Ask one for a role.".to_owned(),
    ];
    ("Roles", lines)
}

pub(super) fn pay(voice: &Voice) -> Page {
    let lines = vec![
        "A deal sold with a partner should pay its owner at least what the same deal pays solo.".to_owned(),
        "Solo: amount × solo rate. Co-sell: amount × co-sell rate + SPIFF. Quota credit is shown beside it.".to_owned(),
        "The terms count that are in force on the day the deal closes.".to_owned(),
        format!(
            "You are told what your deals pay, and nobody else is: after {}, and in {}.",
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

pub(super) fn admin(voice: &Voice) -> Page {
    let lines = vec![
        "For people with Manage Server; the others don't see these commands.".to_owned(),
        format!(
            "{} goes through zone, currency, channels and roles, and says what is missing.",
            voice.command("cosell setup")
        ),
        format!(
            "{} shows and changes the settings, {} the days off.",
            voice.command("cosell config"),
            voice.command("cosell holidays")
        ),
        format!(
            "{} finds what is wrong and says what to do: permissions, deliveries, unowned deals, missed reviews.",
            voice.command("cosell doctor")
        ),
        format!("{} renames or merges accounts.", voice.command("cosell account")),
        format!("{} shows who changed which setting, and from what to what.", voice.command("cosell audit")),
        format!(
            "{} takes deals from a CRM's CSV and shows first what it would do; {} gives everything as a file.",
            voice.command("cosell import"),
            voice.command("cosell export")
        ),
        format!(
            "{} blanks what a person typed, {} deletes everything; both ask first.",
            voice.command("cosell forget person"),
            voice.command("cosell forget workspace")
        ),
    ];
    ("Looking after the bot", lines)
}
