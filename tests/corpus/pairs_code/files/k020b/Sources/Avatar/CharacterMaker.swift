import UIKit

struct CharacterMaker {
    let sheet: CharacterSheet

    /// Draws the start avatar of a role-playing character.
    func avatar(face: FacePreset) -> Avatar {
        Avatar(
            race: sheet.race,          // .elf, .dwarf, .halfOrc
            hair: face.hair,
            glasses: nil
        )
    }
}
