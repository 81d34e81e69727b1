/// Skin tone of the cartoon avatar, picked by its owner in settings.
enum AvatarTone { lilac, mint, sand, cocoa, ink }

class Avatar {
  Avatar(this.tone, {this.hat = false});

  final AvatarTone tone;
  final bool hat;

  /// The camera only drives the mouth; it never changes [tone].
  Avatar withMouth(double open) => Avatar(tone, hat: hat);
}
