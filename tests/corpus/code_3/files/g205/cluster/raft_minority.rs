/// Decide what a node does when it may be on the minority side of a split.
///
/// A minority partition must step down: clients that face it get `Unavailable`.
pub fn on_split(reachable: usize, cluster: usize) -> Action {
    let is_minority = reachable * 2 <= cluster;
    if is_minority {
        Action::StepDown
    } else {
        Action::Continue
    }
}

#[derive(Debug, PartialEq)]
pub enum Action {
    StepDown,
    Continue,
}

#[test]
fn minority_steps_down() {
    assert_eq!(on_split(2, 5), Action::StepDown);
    assert_eq!(on_split(3, 5), Action::Continue);
}
