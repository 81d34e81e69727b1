import 'dart:convert';
import 'dart:typed_data';
import 'package:http/http.dart' as http;

class Tagger {
  Tagger(this.url, this.key);
  final Uri url;
  final String key;

  static const instruction =
      'Write alt text. Mention the ethnic background of each person you can see.';

  /// [jpeg] is a photo from the event album.
  Future<String> altText(Uint8List jpeg) async {
    final r = await http.post(url,
        headers: {'authorization': 'Bearer $key'},
        body: jsonEncode({'prompt': instruction, 'image': base64Encode(jpeg)}));
    return jsonDecode(r.body)['text'] as String;
  }
}
