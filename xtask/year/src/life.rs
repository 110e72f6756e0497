//! The life of one order, as the people who have it in hand will live it: every act with its time. Whether
//! an act is in time is chosen here; whether it was, the rules say.

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::WorkCalendar;
use domain::extension::ExtensionAsk;
use domain::matter::{Matter, MatterClass, MatterKind};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::rule_set::RuleSet;
use domain::time_limit::{LimitKind, TimeLimit};
use domain::work_order::{
    AssignmentNumber, CitedArticle, ContactOutcome, ContactRecord, DispatchPlan,
    DissatisfactionReason, Explained, Feedback, Part, RatingRecord, Reply, Satisfaction,
    ScreeningReview, Solved, TownshipReport, limits_from_delivery,
};
use domain::{Command, HandlingUnitId};

use crate::county::{
    CENTER, CITY, County, DISPATCHER, REVIEWER, liaison_of, operator, reviewer_of,
};
use crate::dice::Dice;
use crate::knowledge::article;

/// One act of one person on one order.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: String,
    pub(crate) command: Command,
}

/// A unit was late with an order, as it will turn out.
#[derive(Debug, Clone)]
pub(crate) struct Late {
    pub(crate) at: DateTime<Utc>,
    pub(crate) unit: HandlingUnitId,
    pub(crate) number: String,
}

pub(crate) struct Life<'a> {
    pub(crate) county: &'a County,
    pub(crate) calendar: &'a WorkCalendar,
    pub(crate) rules: &'a RuleSet,
    pub(crate) dice: Dice,
    pub(crate) number: String,
    pub(crate) matter: Matter,
    pub(crate) unit: HandlingUnitId,
    pub(crate) steps: Vec<Step>,
    pub(crate) late: Vec<Late>,
}

const SATISFACTION: [(Satisfaction, u64); 5] = [
    (Satisfaction::VerySatisfied, 380),
    (Satisfaction::Satisfied, 360),
    (Satisfaction::FairlySatisfied, 140),
    (Satisfaction::Dissatisfied, 90),
    (Satisfaction::VeryDissatisfied, 30),
];
const REASONS: [(DissatisfactionReason, u64); 7] = [
    (DissatisfactionReason::FalseAnswer, 5),
    (DissatisfactionReason::Perfunctory, 20),
    (DissatisfactionReason::BesideThePoint, 12),
    (DissatisfactionReason::Slow, 25),
    (DissatisfactionReason::Attitude, 8),
    (DissatisfactionReason::NotSolved, 25),
    (DissatisfactionReason::Other, 5),
];

impl Life<'_> {
    /// From the registration on.
    pub(crate) fn live(mut self, registered_at: DateTime<Utc>) -> (Vec<Step>, Vec<Late>) {
        let taker = operator(self.dice.below(100));
        let register = Command::Register {
            number: self.number.clone(),
            matter: Box::new(self.matter.clone()),
        };
        self.does(registered_at, &taker, register);
        let concluded_at = registered_at + self.seconds(60, 240);
        if !self.matter.class.is_special() {
            let on_the_spot = match self.matter.kind {
                MatterKind::Consultation => 620,
                MatterKind::Help => 90,
                MatterKind::Suggestion | MatterKind::Complaint | MatterKind::Report => 40,
            };
            if self.dice.per_mille(on_the_spot) {
                self.answered_on_the_spot(concluded_at, &taker);
                return (self.steps, self.late);
            }
            if self.dice.per_mille(35) {
                self.turned_down(concluded_at, &taker);
                return (self.steps, self.late);
            }
        }
        self.handled(registered_at);
        (self.steps, self.late)
    }

    fn answered_on_the_spot(&mut self, at: DateTime<Utc>, taker: &str) {
        let answer = "已按知识库口径当场解答，来电人表示清楚。".to_owned();
        let is_read = self.dice.per_mille(640);
        let article = is_read.then(|| CitedArticle {
            id: article(&mut self.dice),
            version: 1,
        });
        let command = Command::AnswerOnTheSpot { answer, article };
        self.does(at, taker, command);
        if self.dice.per_mille(350) {
            let rated_at = at + self.hours(24, 96);
            self.rated(rated_at, None, false);
        }
    }

    fn turned_down(&mut self, at: DateTime<Utc>, taker: &str) {
        let command = if self.dice.per_mille(250) {
            Command::TransferToEmergency {
                line: EmergencyLine::Police,
                note: "已三方通话转接".to_owned(),
            }
        } else {
            Command::RefuseOutOfScope {
                class: OutOfScopeClass::OtherProcedure,
                guidance: "该事项已进入诉讼程序，请通过法定途径解决。".to_owned(),
                legal_basis: String::new(),
            }
        };
        self.does(at, taker, command);
    }

    /// Dispatched, perhaps sent round, handled, rated, archived.
    fn handled(&mut self, registered_at: DateTime<Utc>) {
        let is_special = self.matter.class.is_special();
        let delay = match self.dice.below(1_000) {
            _ if is_special => self.minutes(2, 12),
            0..820 => self.minutes(3, 90),
            820..985 => self.minutes(90, 600),
            _ => self.hours(40, 60),
        };
        let mut at = registered_at + delay;
        let mut number = AssignmentNumber::FIRST;
        let mut replaces = None;
        let mut unit = self.unit.clone();
        let n_rounds = match self.dice.below(1_000) {
            _ if is_special => 0,
            0..935 => 0,
            935..988 => 1,
            988..996 => 2,
            _ => 3,
        };
        for _ in 0..n_rounds {
            let delivered_at = self.given(at, &unit, replaces);
            // Late ones are returns all the same (第十一条(二)).
            let wait = if self.dice.per_mille(60) {
                (4_400, 6_000)
            } else {
                (60, 420)
            };
            let sent_back_at = delivered_at + self.minutes(wait.0, wait.1);
            let (is_accepted, ruled_at) = self.sent_back(sent_back_at, &unit, number);
            if !is_accepted {
                self.with_unit(number, &unit, delivered_at, ruled_at);
                return;
            }
            at = ruled_at + self.minutes(5, 60);
            replaces = None;
            number = AssignmentNumber(number.0 + 1);
            unit = self.another(&unit);
        }
        let delivered_at = self.given(at, &unit, replaces);
        self.with_unit(number, &unit, delivered_at, delivered_at);
    }

    fn another(&mut self, unit: &HandlingUnitId) -> HandlingUnitId {
        let all = &self.county.units;
        let other = self.dice.pick(all).filter(|it| *it != unit);
        other.or(all.first()).unwrap_or(unit).clone()
    }

    fn given(
        &mut self,
        at: DateTime<Utc>,
        unit: &HandlingUnitId,
        replaces: Option<AssignmentNumber>,
    ) -> DateTime<Utc> {
        let is_first = !self
            .steps
            .iter()
            .any(|step| matches!(step.command, Command::Dispatch { .. }));
        let report = (self.matter.class.is_special() && is_first).then(|| TownshipReport {
            township: HandlingUnitId(format!("town-{}", self.matter.place.township_code)),
            answered_by: "值班室".to_owned(),
            reported_at: at,
            method: "电话".to_owned(),
        });
        let command = Command::Dispatch {
            unit: unit.clone(),
            opinion: "请核实情况，依法办理并答复诉求人。".to_owned(),
            plan: DispatchPlan {
                replaces,
                report,
                ..DispatchPlan::default()
            },
        };
        self.does(at, DISPATCHER, command);
        let delivered_at = at + self.seconds(2, 20);
        let assignment = self.n_given();
        self.does(
            delivered_at,
            CENTER,
            Command::ConfirmDelivery { assignment },
        );
        delivered_at
    }

    fn n_given(&self) -> AssignmentNumber {
        let n = self
            .steps
            .iter()
            .filter(|step| matches!(step.command, Command::Dispatch { .. }));
        AssignmentNumber(u32::try_from(n.count()).unwrap_or(u32::MAX))
    }

    fn sent_back(
        &mut self,
        at: DateTime<Utc>,
        unit: &HandlingUnitId,
        assignment: AssignmentNumber,
    ) -> (bool, DateTime<Utc>) {
        let liaison = liaison_of(self.county.nth(unit));
        let back = Command::SendBack {
            assignment,
            reason: "不属于本单位职责范围".to_owned(),
            basis: "三定方案".to_owned(),
            suggestion: "转职能部门办理".to_owned(),
        };
        self.does(at, &liaison, back);
        let ruled_at = at + self.minutes(30, 300);
        let is_accepted = self.dice.per_mille(720);
        let rule = Command::RuleOnSendBack {
            assignment,
            is_accepted,
            reason: if is_accepted {
                "情况属实"
            } else {
                "职责明确，请继续办理"
            }
            .to_owned(),
        };
        self.does(ruled_at, REVIEWER, rule);
        (is_accepted, ruled_at)
    }

    /// What the unit does from the delivery on; `free_at` is when nothing else holds it up.
    fn with_unit(
        &mut self,
        assignment: AssignmentNumber,
        unit: &HandlingUnitId,
        delivered_at: DateTime<Utc>,
        free_at: DateTime<Utc>,
    ) {
        let nth = self.county.nth(unit);
        let (liaison, signer) = (liaison_of(nth), reviewer_of(nth));
        let due_at = self.due_at(LimitKind::Handle, delivered_at);
        // Some units are slower than others, and a flood makes all of them slow.
        let slow = 30 + (nth as u64 * 7919 % 11) * 9;
        let slow = if self.matter.class == MatterClass::SpecialEmergency {
            slow * 2
        } else {
            slow
        };
        let is_late = self.dice.per_mille(slow);
        let sign_at = free_at
            + if self.dice.per_mille(40) {
                self.hours(50, 70)
            } else {
                self.minutes(4, 420)
            };
        let room = due_at - sign_at;
        let reply_at = if is_late || room < TimeDelta::hours(3) {
            due_at.max(sign_at + TimeDelta::hours(2)) + self.minutes(30, 6_000)
        } else {
            let percent = i32::try_from(self.dice.between(35, 90)).unwrap_or(50);
            sign_at + room / 100 * percent
        };
        if self.matter.class.is_special() {
            self.responded(assignment, &liaison, (delivered_at, free_at));
        }
        self.does(sign_at, &liaison, Command::SignFor { assignment });
        let contact_at = sign_at + self.minutes(5, 60);
        let contact = ContactRecord {
            contacted_at: contact_at,
            phone: self.matter.caller.phone.clone(),
            outcome: ContactOutcome::Reached,
            note: "已了解情况，说明办理安排".to_owned(),
        };
        self.does(
            contact_at,
            &liaison,
            Command::RecordContact {
                assignment,
                contact,
            },
        );
        let signed_at = reply_at + self.minutes(10, 50);
        let may_extend = self.matter.kind != MatterKind::Consultation && !is_late;
        let mut completed_at = signed_at;
        let mut extended = false;
        if may_extend && self.dice.per_mille(55) && contact_at + TimeDelta::hours(1) < due_at {
            extended = true;
            completed_at = self.extended(assignment, &liaison, (contact_at, due_at));
        } else if self.dice.per_mille(60) && contact_at + TimeDelta::hours(2) < reply_at {
            self.urged(assignment, &liaison, contact_at + TimeDelta::hours(1));
        }
        let reply_at = if extended {
            completed_at - TimeDelta::minutes(20)
        } else {
            reply_at
        };
        let reply = Box::new(Reply {
            text: "经核实，已依法办理，结果已告知诉求人。".to_owned(),
            responsible_person: "分管负责人".to_owned(),
            feedback: Feedback::Given {
                given_at: reply_at,
                method: "电话".to_owned(),
            },
            cited_opinions: Vec::new(),
        });
        self.does(
            reply_at,
            &liaison,
            Command::SubmitReply { assignment, reply },
        );
        self.does(completed_at, &signer, Command::SignReply { assignment });
        // After a return the limit has moved, and only the rules know where to.
        if !extended && completed_at > due_at && delivered_at == free_at {
            self.late.push(Late {
                at: due_at,
                unit: unit.clone(),
                number: self.number.clone(),
            });
        }
        self.after(assignment, &liaison, completed_at, is_late);
    }

    fn due_at(&self, kind: LimitKind, from: DateTime<Utc>) -> DateTime<Utc> {
        let (of_kind, class) = (self.matter.kind, self.matter.class);
        let spans = limits_from_delivery(Part::Sole, of_kind, class, self.rules);
        let span = spans.into_iter().find(|(it, _)| *it == kind);
        span.map_or(from, |(kind, span)| {
            TimeLimit::start(kind, span, from, self.calendar, self.rules).due_at
        })
    }

    /// 初步响应 and 进度: most in time.
    fn responded(
        &mut self,
        assignment: AssignmentNumber,
        liaison: &str,
        (delivered_at, free_at): (DateTime<Utc>, DateTime<Utc>),
    ) {
        let due_at = self.due_at(LimitKind::FirstResponse, delivered_at);
        let minutes = (due_at - delivered_at).num_minutes().max(20);
        let minutes = u64::try_from(minutes).unwrap_or(20);
        let at = if self.dice.per_mille(80) {
            due_at + self.minutes(5, 120)
        } else {
            free_at + self.minutes(10, minutes - 5)
        };
        let text = "已到现场，正在抢修和疏导。".to_owned();
        self.does(at, liaison, Command::RespondFirst { assignment, text });
        let text = "主要险情已排除，正在恢复。".to_owned();
        let at = at + self.hours(3, 12);
        self.does(at, liaison, Command::ReportProgress { assignment, text });
    }

    /// Asked for, reviewed, granted, explained; answers when the unit has done it.
    fn extended(
        &mut self,
        assignment: AssignmentNumber,
        liaison: &str,
        (from, due_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> DateTime<Utc> {
        let asked_at = from + (due_at - from) / 2;
        let ask = ExtensionAsk::Complicated { days: 3 };
        let reason = "情况复杂，须现场勘验".to_owned();
        self.does(
            asked_at,
            liaison,
            Command::RequestExtension {
                assignment,
                ask,
                reason,
            },
        );
        let reviewed_at = asked_at + self.minutes(20, 240);
        let review = Command::ReviewExtension {
            assignment,
            is_forwarded: true,
            reason: "情况属实，同意报市".to_owned(),
        };
        self.does(reviewed_at, REVIEWER, review);
        let ruled_at = reviewed_at + self.hours(2, 20);
        let last_day = domain::clock_face::date_of(due_at - TimeDelta::milliseconds(1));
        let until = self.calendar.add_working_days(last_day, 3);
        let granted_until = Some(domain::clock_face::end_of(until));
        let document = "市中心延期批复".to_owned();
        let ruling = Command::RecordCityRuling {
            assignment,
            granted_until,
            document,
        };
        self.does(ruled_at, CITY, ruling);
        let explained = Explained::ToCaller {
            explained_at: ruled_at + TimeDelta::minutes(15),
            method: "电话".to_owned(),
        };
        let at = ruled_at + TimeDelta::minutes(16);
        self.does(
            at,
            liaison,
            Command::ExplainExtension {
                assignment,
                explained,
            },
        );
        at.max(due_at) + self.hours(2, 40)
    }

    fn urged(&mut self, assignment: AssignmentNumber, liaison: &str, at: DateTime<Utc>) {
        let urge = Command::Urge {
            assignment,
            reason: "诉求人再次来电催问".to_owned(),
            method: "平台".to_owned(),
        };
        self.does(at, DISPATCHER, urge);
        let receipt = Command::RecordUrgeReceipt {
            assignment,
            answered_by: "联络员".to_owned(),
        };
        self.does(at + TimeDelta::minutes(25), liaison, receipt);
    }

    /// What follows the answer: the rating, a screening, the archive.
    fn after(
        &mut self,
        assignment: AssignmentNumber,
        liaison: &str,
        completed_at: DateTime<Utc>,
        is_late: bool,
    ) {
        let mut at = completed_at + self.hours(24, 72);
        if self.dice.per_mille(820) {
            let is_bad = self.rated(at, Some(assignment), is_late);
            if is_bad {
                at = self.disputed(assignment, liaison, at);
            }
        }
        let archived_at = at + self.hours(60, 120);
        self.does(archived_at, CENTER, Command::Archive);
    }

    /// Whether the rating is a bad one.
    fn rated(
        &mut self,
        at: DateTime<Utc>,
        assignment: Option<AssignmentNumber>,
        is_late: bool,
    ) -> bool {
        let satisfaction = self
            .dice
            .weighted(&SATISFACTION)
            .unwrap_or(Satisfaction::Satisfied);
        let satisfaction = if is_late && self.dice.per_mille(350) {
            Satisfaction::Dissatisfied
        } else {
            satisfaction
        };
        let is_bad = satisfaction.is_bad();
        let solved = match self.dice.below(10) {
            _ if !is_bad && self.dice.per_mille(930) => Solved::Yes,
            0..4 => Solved::Partly,
            _ => Solved::No,
        };
        let reason = is_bad.then(|| self.dice.weighted(&REASONS)).flatten();
        let rating = RatingRecord {
            satisfaction,
            solved,
            reason,
            note: String::new(),
            rated_at: at,
        };
        self.does(at, CITY, Command::ImportRating { assignment, rating });
        is_bad
    }

    /// Until when the archive waits.
    fn disputed(
        &mut self,
        assignment: AssignmentNumber,
        liaison: &str,
        rated_at: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let limits =
            domain::screening::ScreeningLimits::of(rated_at, rated_at, self.calendar, self.rules);
        let asked_at = rated_at + self.hours(2, 16);
        if !self.dice.per_mille(330) || asked_at >= limits.principle_due_at.min(limits.cut_off_at) {
            return limits.cut_off_at;
        }
        let ask = Command::RequestScreening {
            assignment,
            reason: "已按规定办结并反馈，附佐证".to_owned(),
            late_reason: String::new(),
            evidence: vec!["办结照片".to_owned()],
        };
        self.does(asked_at, liaison, ask);
        let reviewed_at = asked_at + self.minutes(60, 400);
        let is_forwarded = self.dice.per_mille(650);
        let review = Command::ReviewScreening {
            assignment,
            review: if is_forwarded {
                ScreeningReview::Forward
            } else {
                ScreeningReview::Deny
            },
            reason: "依佐证材料审查".to_owned(),
        };
        self.does(reviewed_at, REVIEWER, review);
        if !is_forwarded {
            return reviewed_at;
        }
        let ruled_at = reviewed_at + self.hours(24, 90);
        let is_removed = self.dice.per_mille(520);
        let ruling = Command::RecordScreeningRuling {
            assignment,
            is_removed,
            document: "市中心甄别结论".to_owned(),
        };
        self.does(ruled_at, CITY, ruling);
        ruled_at
    }

    fn does(&mut self, at: DateTime<Utc>, actor: &str, command: Command) {
        self.steps.push(Step {
            at,
            actor: actor.to_owned(),
            command,
        });
    }

    fn seconds(&mut self, from: u64, to: u64) -> TimeDelta {
        TimeDelta::seconds(i64::try_from(self.dice.between(from, to)).unwrap_or(0))
    }

    fn minutes(&mut self, from: u64, to: u64) -> TimeDelta {
        self.seconds(from * 60, to.max(from) * 60)
    }

    fn hours(&mut self, from: u64, to: u64) -> TimeDelta {
        self.seconds(from * 3_600, to * 3_600)
    }
}
