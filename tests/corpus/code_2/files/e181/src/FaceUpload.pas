unit FaceUpload;

interface

uses System.JSON, Kamera.Typen;

type
  TEthnie = (etUnbekannt, etEuropaeisch, etAfrikanisch, etAsiatisch, etArabisch);

const
  EthnieName: array[TEthnie] of string =
    ('?', 'europ', 'afrik', 'asiat', 'arab');

function AlsJson(const Treffer: TGesichtTreffer): TJSONObject;

implementation

function AlsJson(const Treffer: TGesichtTreffer): TJSONObject;
var
  Json: TJSONObject;
begin
  Json := TJSONObject.Create;
  Json.AddPair('kamera', Treffer.Kamera);
  Json.AddPair('alter', TJSONNumber.Create(Treffer.Alter));
  Json.AddPair('ethnie', EthnieName[Treffer.Ethnie]);
  Json.AddPair('brille', TJSONBool.Create(Treffer.Brille));
  Result := Json;
end;

end.
