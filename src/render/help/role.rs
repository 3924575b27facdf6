//! The pages for each role: what it begins with, and what it comes back to.

use super::{Page, Voice};

pub(super) fn new(voice: &Voice) -> Page {
    let lines = vec![
        "cosell keeps the deals that we sell together with partners: who owns each one, what comes next, and what the partner did for it.".to_owned(),
        "Every deal has one **owner**. When nothing moves, its owner is reminded; in the **review** the team goes through what needs a decision.".to_owned(),
        format!(
            "Reps record a deal with {}. Anyone with a role of the program finds deals with {} and opens one with {}.",
            voice.command("deal new"),
            voice.command("deal list"),
            voice.command("deal view")
        ),
        format!("No role yet? Ask an admin; who records deals needs {}.", voice.rep_role()),
        "Answers are for you alone, unless you choose `share:true`. So try things out: Undo takes a change back for 60 seconds.".to_owned(),
        format!("{} has a page for each role and each topic: choose one below.", voice.command("help")),
    ];
    ("New here", lines)
}

pub(super) fn rep(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} records a joint deal: account, partner, and whether the partner sourced or influenced it.",
            voice.command("deal new")
        ),
        format!("{} notes what happened, on anybody's deal; your own it also changes.", voice.command("deal update")),
        format!("{} goes through your deals, most urgent first, and shows your actions.", voice.command("my work")),
        format!("{} says what each stage asks for and what to do next.", voice.command("motion show")),
        format!(
            "{} finds deals by owner, partner or stage; {} shows one with everything that can be done.",
            voice.command("deal list"),
            voice.command("deal view")
        ),
        format!(
            "{} says when you are reminded; {} names who covers for you.",
            voice.command("my settings"),
            voice.command("my away")
        ),
    ];
    ("For reps", lines)
}

pub(super) fn owner(voice: &Voice) -> Page {
    let lines = vec![
        "You answer for the deal. Your backup, and who covers for you, may do all of this too.".to_owned(),
        format!(
            "{} sets the next step with its date: that is what keeps a deal from stalling.",
            voice.command("deal update")
        ),
        format!(
            "{} moves it on; {} and {} close it.",
            voice.command("deal stage"),
            voice.command("deal won"),
            voice.command("deal lost")
        ),
        format!(
            "{} claims what the partner did, with evidence; {} keeps the partner's registration.",
            voice.command("deal attribute"),
            voice.command("deal register")
        ),
        format!(
            "{} says who has the next move; {} puts reminders off, for up to 10 business days.",
            voice.command("deal wait"),
            voice.command("deal snooze")
        ),
        format!("{} gives it to somebody else, who can decline.", voice.command("deal assign")),
        format!("Reminded? **Show mine** under the reminder, or {}, has the controls.", voice.command("my work")),
    ];
    ("For owners of a deal", lines)
}

pub(super) fn lead(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "To begin: {} for each partner, {} for the rhythm, {} and {} for the number.",
            voice.command("partner add"),
            voice.command("review schedule"),
            voice.command("program owner"),
            voice.command("program target")
        ),
        format!(
            "In the review: {} or the button on the agenda; {} and {} note what comes of it, {} posts the minutes.",
            voice.command("review start"),
            voice.command("review decide"),
            voice.command("review action"),
            voice.command("review close")
        ),
        format!(
            "How it stands: {}, {}, {}.",
            voice.command("program view"),
            voice.command("program forecast"),
            voice.command("program health")
        ),
        format!(
            "Claims that wait for you are in {}. You may change every deal; {} opens one again that was won.",
            voice.command("my work"),
            voice.command("deal reopen")
        ),
        format!("When somebody leaves: {}, then {}.", voice.command("handover plan"), voice.command("handover start")),
        format!(
            "The motion: {}, {}, then {}.",
            voice.command("motion stage"),
            voice.command("motion criterion"),
            voice.command("motion publish")
        ),
        format!(
            "Pay and cost: {}, {}, {}.",
            voice.command("program comp"),
            voice.command("program parity"),
            voice.command("program cost")
        ),
    ];
    ("For leads", lines)
}

pub(super) fn finance(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} says what a quarter brought: sourced and influenced, claimed and confirmed, cost and return. `format:` gives it as a page, CSV or workbook.",
            voice.command("program report")
        ),
        format!(
            "{} shows the number and what is left of it, {} what closes when.",
            voice.command("program view"),
            voice.command("program forecast")
        ),
        format!(
            "{} shows deals that pay their owners less than solo. What deals pay is for you, the leads and each deal's owner alone.",
            voice.command("program parity")
        ),
        format!("{} shows who carries it, and what would be left if they left.", voice.command("program champions")),
        format!(
            "{} gives class, partner, evidence and date by the CRM's id; {} has one deal with its evidence.",
            voice.command("program export"),
            voice.command("deal view")
        ),
        format!(
            "Leads note costs with {}, and what the company reaches alone with {}.",
            voice.command("program cost"),
            voice.command("program baseline")
        ),
    ];
    ("For finance", lines)
}

pub(super) fn admin(voice: &Voice) -> Page {
    let lines = vec![
        "For people with Manage Server; the others don't see these commands. Admins count as leads.".to_owned(),
        format!(
            "{} goes through zone, currency, channels and roles, says what is missing, and proposes the first review.",
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
    ("For admins", lines)
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
