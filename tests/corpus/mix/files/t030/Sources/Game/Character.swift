import Foundation

/// Sheet of a player character.
public struct CharacterSheet: Codable, Hashable {
    /// Race of the character: elf, dwarf, orc, human.
    public var race: String?
    /// Skin tone of the avatar chosen in the editor.
    public var skinTone: String?
    /// Caste within the guild.
    public var caste: String?
    /// Level.
    public var level: Int?
    /// Tribe that the character joined.
    public var tribe: String?

    private enum CodingKeys: String, CodingKey {
        case race = "race"
        case skinTone = "skin_tone"
        case caste = "caste"
        case level = "level"
        case tribe = "tribe"
    }
}
