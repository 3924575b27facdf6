//! What can be typed at the prompt.

pub(super) const HELP: &str = "  as rita                          type as somebody else (who lists them)
  in #reviews                      type in another channel
  /deal new account:Globex …       any of the bot's commands; a value reaches up to the next option
  /cosell import file:@deals.csv   an option that takes a file; a path on this machine
  ? /deal view deal:glo            what autocomplete offers for the last option
  press 2 · press Done             a button of the last message, by number or label
  press 2 @#pipeline               a button of that channel's latest message
  pick Reps, Leads · pick 2 #ops   values for a menu of the last message, the second one here
  fill Note=Called; Due=friday     texts for the open form, then sends it; fill alone asks or keeps
  menu Log to a deal               a command of the last message's menu
  menu Joint deals @ben            a command of somebody's menu
  save reports                     puts the files of the last message into that folder
  say #general Globex signed       an ordinary message
  read #pipeline · read dms        what stands there; its last message becomes the last message
  +3d · +2h · +90m · +1w           lets time pass
  to 2026-12-01 09:00              lets time pass up to then (UTC)
  now · who · help · quit          # starts a comment";
