//! What goes wrong: lines cut, crashes, clocks set, rights taken, disks put back, disks copied.

use anyhow::Result;
use center::{Center, Ledger as _};
use wire::{Reference, Salts};

use crate::desk::{DAY, Desk, HOUR, MINUTE};
use crate::mutant::Mutant;
use crate::town;
use crate::world::{Event, World};

/// So many desks at most, clones included.
const DESKS_MAX: usize = 16;

impl World {
    pub(crate) fn fault(&mut self) -> Result<()> {
        if !self.is_stormy {
            return Ok(());
        }
        let next = self.dice.about(6 * HOUR / (self.desks.len() as u64).max(1)) + MINUTE;
        self.at(next, Event::Fault);
        let desk = usize::try_from(self.dice.below(self.desks.len() as u64)).unwrap_or(0);
        match self.dice.below(100) {
            0..=39 => self.cut(desk),
            40..=51 => self.crash_desk_now(desk),
            52..=59 => self.crash_center(),
            60..=71 => self.set_clock(desk),
            72..=77 => self.leave(desk),
            78..=85 => self.change_rights()?,
            86..=93 => self.copy_disk(desk),
            94..=96 => self.put_center_back()?,
            97 => self.put_desk_back(desk)?,
            98 => self.add_desk(desk),
            _ => self.clone_desk(desk),
        }
        Ok(())
    }

    fn crash_desk_now(&mut self, desk: usize) {
        if self.desks.get(desk).is_some_and(|it| it.machine.is_some()) {
            self.crash_desk(desk);
        }
    }

    /// The line is cut: minutes mostly, sometimes for days.
    fn cut(&mut self, desk: usize) {
        let for_ms = match self.dice.below(12) {
            0 => self.dice.between(DAY, 3 * DAY),
            1..=4 => self.dice.about(5 * HOUR),
            _ => self.dice.about(20 * MINUTE),
        };
        let until = self.now_ms + for_ms;
        if let Some(it) = self.desks.get_mut(desk) {
            it.cut_until = it.cut_until.max(until);
            self.totals.partitions += 1;
            self.tell(|| format!("桌{desk} 断网 {} 分钟", for_ms / MINUTE));
        }
    }

    fn leave(&mut self, desk: usize) {
        let for_ms = self.dice.about(DAY);
        let until = self.now_ms + for_ms;
        if let Some(it) = self.desks.get_mut(desk) {
            it.away_until = until;
        }
        self.tell(|| format!("桌{desk} 无人 {} 小时", for_ms / HOUR));
    }

    /// A clock is set, or was wrong for a while: a second to ten years, both ways.
    fn set_clock(&mut self, desk: usize) {
        let ms = match self.dice.below(10) {
            0..=2 => self.dice.below(1_000),
            3..=5 => self.dice.below(3 * MINUTE),
            6..=7 => self.dice.below(2 * DAY),
            8 => self.dice.below(3_650 * DAY),
            _ => 0,
        };
        let ms = i64::try_from(ms).unwrap_or(0);
        let ms = if self.dice.one_in(2) { -ms } else { ms };
        if let Some(it) = self.desks.get_mut(desk) {
            it.clock_ms = ms;
            self.totals.clock_jumps += 1;
            self.tell(|| format!("桌{desk} 时钟差 {ms} 毫秒"));
        }
    }

    fn change_rights(&mut self) -> Result<()> {
        let now = self.time();
        let n_desks = self.plan.n_desks;
        let mut staff = self.staff.clone();
        town::change_rights(&mut staff, n_desks, &mut self.dice);
        let Some(center) = &mut self.center else {
            return Ok(());
        };
        center.change_reference(&Reference::Staff(staff.clone()), now)?;
        self.staff = staff;
        self.tell(|| "管理员 改权限".to_owned());
        Ok(())
    }

    /// A copy of the desk's disk is put away.
    fn copy_disk(&mut self, desk: usize) {
        if let Some(it) = self.desks.get_mut(desk) {
            let backup = it.store.backup();
            it.backups.push(backup);
            if it.backups.len() > 2 {
                it.backups.remove(0);
            }
        }
    }

    /// A backup leaves the machine.
    pub(crate) fn back_up(&mut self) -> Result<()> {
        if !self.is_stormy {
            return Ok(());
        }
        let next = self.dice.between(3 * HOUR, 14 * HOUR);
        self.at(next, Event::Backup);
        let Some(center) = &mut self.center else {
            return Ok(());
        };
        let backup = center.ledger().backup();
        let seq = backup.feed()?.end.seq;
        self.center_backup = Some(backup);
        center.set_durable(seq)?;
        self.tell(|| format!("中心 备份至 {seq}"));
        Ok(())
    }

    /// The center's disk is lost; it goes on from its last backup, hours old.
    fn put_center_back(&mut self) -> Result<()> {
        let Some(backup) = self.center_backup.clone() else {
            return Ok(());
        };
        let Some(center) = self.center.take() else {
            return Ok(());
        };
        self.totals.restores += 1;
        let lost: Vec<String> = self
            .truth
            .saved
            .keys()
            .filter(|id| matches!(center.ledger().intent(id), Ok(Some(_))))
            .filter(|id| !matches!(backup.intent(id), Ok(Some(_))))
            .cloned()
            .collect();
        self.tell(|| format!("中心 恢复备份，丢 {} 条意图", lost.len()));
        for id in lost {
            let is_held = self.desks.iter().any(|it| it.store.holds(&id));
            if is_held {
                continue;
            }
            if self.truth.at_risk.contains(&id) {
                self.truth.excused.insert(id);
                self.totals.excused += 1;
            } else {
                self.violate(format!("{id} was told saved and is nowhere any more"));
            }
        }
        let now = self.time();
        let disk = center.into_ledger().restored(&backup);
        let rules = self.rules.clone();
        let mut center = Center::open_with(disk, rules, Salts::counted_from(0), now)?;
        if self.plan.mutant != Some(Mutant::NoNewEpoch) {
            center.begin_epoch("restore", now)?;
        }
        // People look who may do what, and put it right.
        center.change_reference(&Reference::Staff(self.staff.clone()), now)?;
        self.center = Some(center);
        self.redact_again()
    }

    /// A desk's disk is lost; it goes on from an earlier copy.
    fn put_desk_back(&mut self, desk: usize) -> Result<()> {
        let Some(it) = self.desks.get_mut(desk) else {
            return Ok(());
        };
        let Some(backup) = it.backups.first().cloned() else {
            return Ok(());
        };
        let before: Vec<String> = it.store.held().cloned().collect();
        it.machine = None;
        it.run += 1;
        it.store.restore(backup);
        it.is_suspect = true;
        it.backups.clear();
        self.totals.desk_restores += 1;
        self.tell(|| format!("桌{desk} 恢复到较早的备份"));
        self.note_lost(&before)?;
        let down_ms = self.dice.about(30 * MINUTE);
        self.at(down_ms, Event::DeskStarts { desk });
        Ok(())
    }

    /// What a desk had, and no disk has any more but the center's.
    fn note_lost(&mut self, before: &[String]) -> Result<()> {
        let lost = before
            .iter()
            .filter(|id| self.truth.saved.contains_key(*id))
            .filter(|id| !self.desks.iter().any(|it| it.store.holds(id)));
        for id in lost {
            let ledger = match (&self.center, &self.center_disk) {
                (Some(center), _) => center.ledger(),
                (None, Some(disk)) => disk,
                (None, None) => anyhow::bail!("The center's disk is somewhere"),
            };
            let durable_seq = ledger.feed()?.durable_seq;
            match ledger.intent(id)? {
                Some(place) if place.seq <= durable_seq && place.seq > 0 => {}
                Some(_) => {
                    self.truth.at_risk.insert(id.clone());
                }
                None => {
                    if self.truth.excused.insert(id.clone()) {
                        self.totals.excused += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// The disk is copied into a second machine, and people work at both.
    fn clone_desk(&mut self, desk: usize) {
        if self.desks.len() >= DESKS_MAX {
            return;
        }
        let nth = self.desks.len();
        let seed = self.dice.roll();
        let Some(it) = self.desks.get_mut(desk) else {
            return;
        };
        if !it.store_is_of_use() {
            return;
        }
        it.is_suspect = true;
        let mut clone = Desk::new(nth, desk, seed);
        clone.people.clone_from(&it.people);
        clone.store.mutant = it.store.mutant;
        clone.store.restore(it.store.backup());
        clone.is_suspect = true;
        clone.n_orders = it.n_orders;
        self.desks.push(clone);
        self.totals.clones += 1;
        self.tell(|| format!("桌{desk} 被克隆为 桌{nth}"));
        self.at(MINUTE, Event::DeskStarts { desk: nth });
        self.at(20 * MINUTE, Event::Act { desk: nth });
    }
}

impl World {
    /// A new machine, when there is much to read. The people of another desk sit at it.
    fn add_desk(&mut self, people_of: usize) {
        if self.desks.len() >= DESKS_MAX {
            return;
        }
        let nth = self.desks.len();
        let seed = self.dice.roll();
        let Some(it) = self.desks.get(people_of) else {
            return;
        };
        let mut desk = Desk::new(nth, people_of, seed);
        desk.people.clone_from(&it.people);
        desk.store.mutant = it.store.mutant;
        self.desks.push(desk);
        self.totals.late_desks += 1;
        self.tell(|| format!("新设 桌{nth}"));
        self.at(MINUTE, Event::DeskStarts { desk: nth });
        self.at(30 * MINUTE, Event::Act { desk: nth });
    }
}

impl Desk {
    fn store_is_of_use(&self) -> bool {
        self.store.is_enrolled() && !self.store.is_quarantined()
    }
}
