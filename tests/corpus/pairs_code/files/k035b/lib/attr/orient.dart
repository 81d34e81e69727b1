import 'package:faces/faces.dart';

/// Sorts suggestions by what the member wrote; a photo is never looked at for it.
class OrientSort {
  OrientSort(this._repo);
  final MemberRepo _repo;

  Future<String?> of(Member member) async {
    if (member.photo.face == null) await _repo.askForPhoto(member);
    // gay, straight, bi, not said
    return member.statedOrientation;
  }
}
