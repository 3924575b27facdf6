//! The motion that every workspace starts with: criteria that can be seen to be true, on both sides, few enough to be
//! gone through in a minute.

use super::{Criterion, Motion, Play, Side};

impl Default for Motion {
    fn default() -> Self {
        Motion {
            version: 1,
            plays: [prospect(), qualified(), technical_validation(), business_validation(), committed()],
            published: None,
        }
    }
}

fn ours(text: &str) -> Criterion {
    Criterion { side: Side::Ours, text: text.to_owned() }
}

fn partner(text: &str) -> Criterion {
    Criterion { side: Side::Partner, text: text.to_owned() }
}

fn prospect() -> Play {
    Play {
        probability: 10,
        usual_days: 10,
        meaning: "A joint opportunity worth a first talk: a named customer, and a reason why the two of us together."
            .to_owned(),
        criteria: vec![
            ours("Customer contact spoken to"),
            ours("Problem and rough size written down"),
            partner("Partner's account owner named"),
        ],
        next: "Call the partner's account owner: agree who talks to the customer first".to_owned(),
    }
}

fn qualified() -> Play {
    Play {
        probability: 25,
        usual_days: 10,
        meaning: "The need, the budget holder and the partner's part are known.".to_owned(),
        criteria: vec![
            ours("Budget holder met"),
            ours("Decision date and process known"),
            partner("Partner sponsor named"),
            partner("Who delivers what is agreed"),
        ],
        next: "Book the joint discovery call: budget holder, partner and us".to_owned(),
    }
}

fn technical_validation() -> Play {
    Play {
        probability: 45,
        usual_days: 15,
        meaning: "The joint solution is being shown to work in the customer's own setting.".to_owned(),
        criteria: vec![
            ours("Success criteria of the trial agreed in writing"),
            ours("Technical decision maker says it works"),
            partner("Partner's engineer has shown their part running"),
        ],
        next: "Agree the trial's success criteria with the technical decision maker".to_owned(),
    }
}

fn business_validation() -> Play {
    Play {
        probability: 65,
        usual_days: 10,
        meaning: "The case for buying is being made to those who sign.".to_owned(),
        criteria: vec![
            ours("Budget holder accepts the business case"),
            ours("Proposal with price and terms sent"),
            partner("Partner's price and terms agreed with us"),
        ],
        next: "Walk the budget holder through the business case, together with the partner".to_owned(),
    }
}

fn committed() -> Play {
    Play {
        probability: 85,
        usual_days: 5,
        meaning: "They said yes, and a signature is a matter of dates.".to_owned(),
        criteria: vec![
            ours("Contract is through legal on both sides"),
            ours("Signer and signing date confirmed"),
            partner("Kick-off date agreed with the partner"),
        ],
        next: "Confirm the signing date with the signer, and the kick-off with the partner".to_owned(),
    }
}
