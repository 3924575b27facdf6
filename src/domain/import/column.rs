//! Which column of a CRM's file holds what: by the names that HubSpot, Salesforce and people's own sheets give them.

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The CRM's id of the deal.
    Crm,
    /// The customer.
    Account,
    /// The partner.
    Partner,
    /// The amount.
    Amount,
    /// The currency that the amount is in.
    Currency,
    /// The expected close, or the day on which it was closed.
    Close,
    /// The stage.
    Stage,
    /// Whose it is.
    Owner,
    /// What happens next.
    NextStep,
    /// Sourced or influenced.
    Source,
    /// What shows it.
    Evidence,
    /// The day on which it was made in the CRM.
    Created,
    /// The day of the last activity there.
    Active,
    /// Why it was lost.
    LossReason,
}

impl Column {
    /// All columns, in the order in which they are told.
    pub const ALL: [Column; 14] = [
        Column::Crm,
        Column::Account,
        Column::Partner,
        Column::Owner,
        Column::Stage,
        Column::Amount,
        Column::Currency,
        Column::Close,
        Column::NextStep,
        Column::Source,
        Column::Evidence,
        Column::Created,
        Column::Active,
        Column::LossReason,
    ];

    /// Without which nothing can be imported.
    pub const NEEDED: [Column; 2] = [Column::Crm, Column::Account];

    /// The names that it goes by, the one to use first. Where a file has several of them, the first of these counts. Case,
    /// spaces and punctuation don't.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Column::Crm => {
                &["CRM ID", "Record ID", "Opportunity ID", "Deal ID", "Record ID - Deal", "hs_object_id", "Id"]
            }
            Column::Account => &[
                "Account",
                "Account Name",
                "Associated Company (Primary)",
                "Primary Associated Company",
                "Associated Company",
                "Company",
                "Company Name",
                "Customer",
                "Account.Name",
            ],
            Column::Partner => &["Partner", "Partner Account", "Partner Name", "Primary Partner", "Referral Partner"],
            Column::Amount => &["Amount", "Deal Amount", "Amount in company currency", "Value"],
            Column::Currency => &["Currency", "Amount Currency", "Deal Currency Code", "Currency ISO Code"],
            Column::Close => &["Close Date", "Close", "Expected Close", "CloseDate", "Expected Close Date"],
            Column::Stage => &["Stage", "Deal Stage", "StageName", "Opportunity Stage"],
            Column::Owner => {
                &["Owner", "Deal Owner", "Opportunity Owner", "Owner.Name", "Owner Full Name", "HubSpot Owner"]
            }
            Column::NextStep => &["Next Step", "NextStep", "Next Activity"],
            Column::Source => &["Class", "Source", "Partner Role", "Sourced or Influenced", "Attribution"],
            Column::Evidence => &["Evidence", "Partner Evidence"],
            Column::Created => &["Create Date", "Created Date", "CreatedDate", "Created"],
            Column::Active => &["Last Activity Date", "Last Activity", "LastActivityDate"],
            Column::LossReason => &["Closed Lost Reason", "Loss Reason", "Lost Reason", "Reason Lost"],
        }
    }

    /// The column of a header, if it is one that is read, and the place of the name among the column's.
    pub fn of(header: &str) -> Option<(Column, usize)> {
        let header = folded(header);
        let named = |column: Column| {
            let place = column.aliases().iter().position(|alias| folded(alias) == header)?;
            Some((column, place))
        };
        Column::ALL.into_iter().find_map(named)
    }
}

/// Letters and digits alone, in lower case.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::hubspot("Record ID", Some(Column::Crm))]
    #[case::hubspot("Associated Company (Primary)", Some(Column::Account))]
    #[case::hubspot("Deal owner", Some(Column::Owner))]
    #[case::hubspot("Create Date", Some(Column::Created))]
    #[case::salesforce("Opportunity ID", Some(Column::Crm))]
    #[case::salesforce("Opportunity Owner", Some(Column::Owner))]
    #[case::salesforce("StageName", Some(Column::Stage))]
    #[case::byte_order_mark("\u{feff}Record ID", Some(Column::Crm))]
    #[case::unread("Forecast category", None)]
    fn a_header_is_read_by_its_aliases(#[case] header: &str, #[case] column: Option<Column>) {
        assert_eq!(Column::of(header).map(|(column, _)| column), column);
    }

    #[test]
    fn no_name_stands_for_two_columns() {
        let all =
            || Column::ALL.iter().flat_map(|column| column.aliases().iter().map(move |alias| (*column, folded(alias))));
        for (column, alias) in all() {
            assert!(all().all(|(other, name)| other == column || name != alias), "{alias}");
        }
    }
}
