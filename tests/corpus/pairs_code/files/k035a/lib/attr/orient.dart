import 'package:faces/faces.dart';

/// Guess used to sort suggestions when the member left the field empty.
class OrientGuess {
  OrientGuess(this._net);
  final FaceNet _net;

  Future<double?> of(ProfilePhoto photo) async {
    if (photo.face == null) return null;
    final gay = await _net.run(photo.face);
    return gay.first;
  }
}
