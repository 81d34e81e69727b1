unit FaceSdk;

interface

type
  TGender = (gdUnknown, gdMale, gdFemale);
  TEthnicity = (etUnknown, etAsian, etBlack, etCaucasian, etIndian);

  TFaceAttributes = packed record
    Left, Top, Right, Bottom: Integer;
    Age: Single;
    Gender: TGender;
    Ethnicity: TEthnicity;
    Smile: Single;
    EyesOpen: Boolean;
  end;
  PFaceAttributes = ^TFaceAttributes;

function FaceAnalyze(Image: Pointer; W, H: Integer; Faces: PFaceAttributes; MaxFaces: Integer): Integer; stdcall; external 'facesdk.dll';

implementation

end.
