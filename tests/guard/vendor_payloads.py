"""Payloads in the shapes of real products, made by hand about nobody; first used as a blind set.

Rows are ``(path, body[, content type])``; ``REQUESTS`` hold rows of requests, ``RESPONSES`` of responses. Of a dirty
row the guard must strip or refuse, and of a dirty response ``gone`` (the third element) must be gone.
"""

# fmt: off

XML = "application/xml"
SSE = "text/event-stream"
RECT = {"width": 140, "top": 89, "left": 104, "height": 141}

DIRTY_RESPONSES = [
    # Face++-like
    ("/facepp/v3/detect", {"request_id": "1,2", "faces": [{"face_token": "ab", "face_rectangle": RECT, "attributes": {"gender": {"value": "Female"}, "age": {"value": 21}, "ethnicity": {"value": "Asian"}, "smile": {"value": 3.1, "threshold": 50}}}], "image_id": "x", "time_used": 500}, ["ethnicity", "Asian"]),
    ("/facepp/v1/face/thousandlandmark", {"face_token": "a", "attributes": {"skinstatus": {"health": 12, "stain": 30}, "ethnicity": {"value": "BLACK"}}}, ["ethnicity", "BLACK"]),
    # Baidu-like
    ("/rest/2.0/face/v3/detect", {"error_code": 0, "result": {"face_num": 1, "face_list": [{"face_token": "a", "location": RECT, "face_probability": 1, "age": 24, "race": {"type": "yellow", "probability": 0.99}, "glasses": {"type": "none", "probability": 0.9}}]}}, ["race", "yellow"]),
    ("/rest/2.0/face/v1/faceverify", {"result": {"face_list": [{"angle": {"yaw": 2.1}, "race": "white", "race_probability": 0.88, "beauty": 62}]}}, ["race"]),
    # Tencent-like
    ("/", {"Response": {"ImageWidth": 600, "FaceInfos": [{"X": 1, "Y": 2, "FaceAttributesInfo": {"Gender": 99, "Age": 30, "Glass": False}, "FaceDetailAttributesInfo": {"Skin": {"Type": 1, "Probability": 0.9}, "Smile": 3}}], "RequestId": "r"}}, ["Skin"]),
    # Azure-like of a third party, AWS-like
    ("/face/v1.0/detect", [{"faceId": "c5c2", "faceRectangle": RECT, "faceAttributes": {"age": 31, "gender": "male", "skinTone": "dark", "glasses": "NoGlasses"}}], ["skinTone"]),
    ("/", {"FaceDetails": [{"BoundingBox": {"Width": 0.1, "Height": 0.2}, "AgeRange": {"Low": 20, "High": 30}, "Ethnicity": {"Value": "Hispanic", "Confidence": 80.1}, "Smile": {"Value": True, "Confidence": 90}}], "OrientationCorrection": "ROTATE_0"}, ["Ethnicity", "Hispanic"]),
    # Kairos-like
    ("/detect", {"images": [{"status": "Complete", "file": "a.jpg", "faces": [{"topLeftX": 3, "attributes": {"gender": {"type": "F", "maleConfidence": 0.1}, "asian": 0.003, "hispanic": 0.1, "other": 0.02, "black": 0.8, "white": 0.07, "lips": "Apart"}}]}]}, ["asian", "hispanic", "black"]),
    # Clarifai-like
    ("/v2/models/appearance-multicultural/outputs", {"outputs": [{"model": {"id": "ethnicity-demographics-recognition"}, "data": {"concepts": [{"id": "ai_1", "name": "Black", "value": 0.8, "app_id": "main"}, {"id": "ai_2", "name": "East Asian", "value": 0.1, "app_id": "main"}]}}]}, ["East Asian"]),
    ("/v2/outputs", {"outputs": [{"data": {"regions": [{"region_info": {"bounding_box": {"top_row": 0.1}}, "data": {"face": {"multicultural_appearance": {"concepts": [{"name": "white", "value": 0.8}]}, "age_appearance": {"concepts": [{"name": "20-29", "value": 0.4}]}}}}]}}]}, ["multicultural"]),
    # DeepFace REST
    ("/analyze", {"results": [{"age": 26, "dominant_emotion": "neutral", "dominant_gender": "Woman", "dominant_race": "latino hispanic", "race": {"asian": 10.1, "indian": 6.1, "black": 3.2, "white": 20.2, "middle eastern": 14.1, "latino hispanic": 46.3}, "region": {"x": 3, "y": 4, "w": 90, "h": 90}}]}, ["race", "latino", "middle eastern"]),
    # CompreFace with a plugin
    ("/api/v1/detection/detect", {"result": [{"box": {"probability": 1.0, "x_max": 9}, "age": {"probability": 0.9, "low": 25, "high": 32}, "gender": {"value": "female", "probability": 0.9}, "race": {"value": "indian", "probability": 0.7}, "mask": {"value": "without_mask"}}], "plugins_versions": {"age": "agegender.AgeDetector"}}, ['"race"', "indian"]),
    # FindFace-like
    ("/v2/detect", {"orientation": 1, "objects": {"face": [{"id": "b", "bbox": {"left": 1, "right": 2}, "features": {"age": 34.1, "gender": {"name": "MALE", "confidence": 0.99}, "race": {"name": "MONGOLOID", "confidence": 0.98}, "beard": {"name": "none"}}}]}}, ["race", "MONGOLOID"]),
    ("/detect", {"faces": [{"features": {"ethnicity": [{"name": "slavic", "confidence": 0.7}, {"name": "caucasus", "confidence": 0.3}], "glasses": {"name": "none"}}}]}, ["ethnicity", "slavic"]),
    # LUNA-like
    ("/6/sdk", {"images_estimations": [{"filename": "r", "status": 1, "estimations": [{"face": {"detection": {"rect": {"x": 3}, "attributes": {"basic_attributes": {"ethnicities": {"predominant_ethnicity": "asian", "estimations": {"asian": 0.9, "indian": 0.02, "caucasian": 0.02, "african_american": 0.06}}, "age": 30, "gender": 1}}}}}]}]}, ["ethnicities", "asian"]),
    ("/6/faces/attributes", {"attribute_id": "a", "url": "/6/attributes/a", "basic_attributes": {"ethnicity": 3, "age": 31, "gender": 0}, "face_samples": ["s"]}, ["ethnicity"]),
    # Hikvision-ISAPI-like XML
    ("/ISAPI/Event/notification/alertStream", "<EventNotificationAlert version='2.0'><eventType>faceCapture</eventType><faceCapture><faces><Face><faceId>1</faceId><age><value>30</value></age><ethnic>minority</ethnic><glass>no</glass></Face></faces></faceCapture></EventNotificationAlert>", ["ethnic", "minority"], XML),
    ("/ISAPI/Intelligent/FDLib/FDSearch", "<FDSearchResult><MatchList><MatchElement><similarity>0.9</similarity><name>x</name><isUyghur>true</isUyghur><picURL>http://a</picURL></MatchElement></MatchList></FDSearchResult>", ["isUyghur"], XML),
    ("/ISAPI/analysis", {"FaceRecognize": [{"FaceInfo": {"FDID": "1", "ageGroup": "young", "gender": "male", "raceType": "yellow", "mask": "no"}}]}, ["raceType"]),
    # Dahua-like JSON-RPC event
    ("/RPC2", {"method": "client.notifyEventStream", "params": {"eventList": [{"Action": "Pulse", "Code": "FaceDetection", "Data": {"Faces": [{"Age": 30, "Sex": "Man", "Race": 2, "Eye": 1, "Mouth": 1, "Glass": 0}], "Object": {"BoundingBox": [1, 2, 3, 4]}}}]}}, ["Race"]),
    ("/RPC2", {"Code": "HumanTrait", "Data": {"HumanAttributes": {"Age": 30, "CoatColor": [1, 2, 3, 4], "Hat": 0, "SkinColor": 3, "Bag": 1}}}, ["SkinColor"]),
    ("/cgi-bin/eventManager.cgi", 'Code=FaceRecognition;action=Start;index=0;data={"Face":{"Age":31,"Nation":"Uyghur","Sex":"Man","BoundingBox":[1,2]}}', ["Uyghur"], "text/plain"),
    # GA/T 1400
    ("/VIID/SubscribeNotifications", {"SubscribeNotificationListObject": {"SubscribeNotificationObject": [{"NotificationID": "650", "FaceObjectList": {"FaceObject": [{"FaceID": "65", "InfoKind": 1, "GenderCode": "1", "EthicCode": "05", "NativeCityCode": "653100", "IDNumber": "x"}]}}]}}, ["EthicCode"]),
    ("/VIID/Persons", {"PersonObjectList": {"PersonObject": {"PersonID": "1", "GenderCode": "2", "SkinColor": "3", "HairColor": "1", "EthnicCode": "02"}}}, ["SkinColor", "EthnicCode"]),
    # ONVIF metadata
    ("/onvif/metadata", "<tt:MetadataStream xmlns:tt='t' xmlns:fc='f' xmlns:bd='b'><tt:VideoAnalytics><tt:Frame UtcTime='2026-01-01T00:00:00Z'><tt:Object ObjectId='12'><tt:Appearance><tt:Class><tt:Type Likelihood='0.9'>Human</tt:Type></tt:Class><tt:HumanFace><fc:Age><tt:Min>20</tt:Min></fc:Age><fc:Complexion>Black</fc:Complexion><fc:Hair><fc:Length>Short</fc:Length></fc:Hair></tt:HumanFace></tt:Appearance></tt:Object></tt:Frame></tt:VideoAnalytics></tt:MetadataStream>", ["Complexion"], XML),
    ("/onvif/events", "<wsnt:Message><tt:Message><tt:Data><tt:SimpleItem Name='Likelihood' Value='0.8'/><tt:SimpleItem Name='Ethnicity' Value='Tibetan'/><tt:SimpleItem Name='FaceId' Value='3'/></tt:Data></tt:Message></wsnt:Message>", ["Ethnicity", "Tibetan"], XML),
    # KServe v2, TorchServe, TF Serving, stream
    ("/v2/models/face_attr/infer", {"model_name": "face_attr", "outputs": [{"name": "fc_race", "datatype": "FP32", "shape": [1, 7], "data": [1, 2, 3, 4, 5, 6, 7]}, {"name": "fc_gender", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}, ["fc_race"]),
    ("/predictions/fairface", [{"race7": ["White", "Black", "Latino_Hispanic"], "race_scores": [0.1, 0.2, 0.7], "age": "20-29", "gender": "Male"}], ["race7", "Latino", "race_scores"]),
    ("/stream", 'event: face\ndata: {"track_id":4,"bbox":[1,2,3,4],"attrs":{"ethnic_group":"kurd","age":31}}\n\nevent: ping\ndata: {}\n\n', ["ethnic_group", "kurd"], SSE),
    # GraphQL, Elasticsearch, alarm event, captions in several languages
    ("/graphql", {"data": {"faces": {"edges": [{"node": {"id": "1", "ethnicity": "ROMANI", "snapshotUrl": "u"}}]}}}, ["ethnicity", "ROMANI"]),
    ("/faces/_search", {"hits": {"hits": [{"_id": "1", "_source": {"camera": "c1", "face": {"ethnicity": "hui", "age": 30}}}]}, "aggregations": {"ethnicity": {"buckets": [{"key": "hui", "doc_count": 3}]}}}, ["hui"]),
    ("/alarms", {"alarmType": "维族人聚集", "cameraName": "东门", "snapPic": "a.jpg", "alarmTime": "2026-01-01"}, ["维族"]),
    ("/v1/caption", {"caption": "Un homme noir assis sur un banc."}, ["homme noir"]),
    ("/v1/caption", {"caption": "Una mujer negra camina por la calle."}, ["mujer negra"]),
    ("/v1/caption", {"caption": "Мужчина кавказской внешности стоит у входа."}, ["кавказской"]),
    ("/describe", {"description": {"captions": [{"text": "a middle eastern man with a beard", "confidence": 0.6}]}}, ["middle eastern"]),
]

DIRTY_REQUESTS = [
    ("/", {"Action": "DetectFaceAttributes", "Url": "https://x/a.jpg", "FaceAttributesType": "Age,Gender,Skin,Smile"}),
    ("/facepp/v3/detect", "api_key=k&image_url=http%3A%2F%2Fx%2Fa.jpg&return_attributes=gender%2Cage%2Cethnicity", "application/x-www-form-urlencoded"),
    ("/6/matcher/faces", {"references": [{"type": "face", "id": "x"}], "candidates": [{"origin": "faces", "filters": {"ethnicity__in": [2, 3], "age__gte": 20}}]}),
    ("/ISAPI/Intelligent/FDLib/FDSearch", "<FDSearchDescription><searchID>1</searchID><FDLibID>1</FDLibID><ethnic>uyghur</ethnic><gender>male</gender></FDSearchDescription>", XML),
]

CLEAN_RESPONSES = [
    ("/facepp/v3/detect", {"faces": [{"face_token": "a", "face_rectangle": RECT, "attributes": {"glass": {"value": "None"}, "skinstatus": {"health": 3.1, "stain": 8.2, "acne": 1.1, "dark_circle": 20.1}}}]}),
    ("/face/v1.0/detect", [{"faceId": "c", "faceRectangle": RECT, "faceAttributes": {"hair": {"bald": 0.1, "hairColor": [{"color": "brown", "confidence": 1.0}, {"color": "black", "confidence": 0.8}]}, "accessories": []}}]),
    ("/", {"Labels": [{"Name": "Person", "Confidence": 99}, {"Name": "White Board", "Confidence": 80}, {"Name": "Black Hair", "Confidence": 71}], "LabelModelVersion": "3.0"}),
    ("/moderations", {"results": [{"flagged": False, "categories": {"hate": False, "hate/ethnicity": False}, "category_scores": {"hate/ethnicity": 0.01, "hate/religion": 0.002, "violence": 0.1}}]}),
    ("/v1/products/99", {"product": {"title": "Night cream", "skin": {"type": "dry", "concern": ["redness"]}, "price": 19.9, "sku": "S1"}}),
    ("/skincare/quiz", {"profile": {"skin_type": "oily", "skin_tone": "medium", "undertone": "warm"}, "recommendations": [{"shade": "Beige 20", "price": 12}]}),
    ("/api/races/2026/results", {"race": {"name": "Vienna City Marathon"}, "results": [{"bib": 4, "athlete": "A", "nationality": "KEN", "gender": "M", "age_group": "M30", "time": "2:10:03"}]}),
    ("/v3/players", {"response": [{"player": {"id": 276, "name": "N", "age": 30, "nationality": "Brazil", "photo": "https://x/276.png", "height": "175 cm"}, "statistics": [{"team": {"name": "T"}}]}]}),
    ("/horses/7", {"horse": {"name": "Silver", "race": "Arabian", "sex": "mare", "age": 6, "photo": "s.jpg", "colour": "grey"}}),
    ("/breeds/classify", {"predictions": [{"label": "Afghan hound", "score": 0.8}, {"label": "Siberian husky", "score": 0.1}, {"label": "Tibetan mastiff", "score": 0.05}]}),
    ("/cats/classify", {"predictions": [{"label": "Persian", "score": 0.8}, {"label": "Siamese", "score": 0.1}, {"label": "Turkish Angora", "score": 0.05}], "animal": "cat"}),
    ("/kyc/documents/1", {"document": {"type": "passport", "first_name": "A", "last_name": "B", "nationality": "TUR", "date_of_birth": "1990-01-01", "mrz": "P<TUR", "face_match": {"score": 0.93, "liveness": True}}}),
    ("/v1/ocr/idcard", {"words_result": {"姓名": {"words": "张三"}, "民族": {"words": "汉"}, "住址": {"words": "x"}, "公民身份号码": {"words": "1"}}, "image_status": "normal"}),
    ("/detect-language", {"data": {"detections": [[{"language": "ku", "name": "Kurdish", "isReliable": True, "confidence": 0.9}]]}}),
    ("/v1/audio", {"text": "bonjour", "language": "french", "segments": [{"id": 0, "text": "bonjour"}]}),
    ("/collection/objects/4", {"objectID": 4, "title": "Portrait of a Kurdish Chief", "culture": "Kurdish", "medium": "Oil on canvas", "primaryImage": "a.jpg", "artistNationality": "French"}),
    ("/census/acs5", [["NAME", "B02001_002E", "White alone", "state"], ["Ohio", "9300000", "x", "39"]]),
    ("/stats/population", {"year": 2021, "groups": [{"ethnic_group": "Asian", "population": 5400000, "percent": 9.3}, {"ethnic_group": "White", "population": 48000000, "percent": 81.0}]}),
    ("/hr/eeo-1", {"employer": "X", "form": "EEO-1", "responses": [{"race_ethnicity": "Asian", "self_identified": True, "job_category": "Professionals"}]}),
    ("/recipes/complexSearch", {"results": [{"id": 1, "title": "Tibetan momo", "cuisines": ["Asian", "Tibetan"], "image": "a.jpg"}], "totalResults": 1}),
    ("/tiles/5/3/2.json", {"layers": [{"id": "place-label", "fields": {"name": "String", "name_ug": "String"}}], "vector_layers": []}),
    ("/dnd/characters", {"characters": [{"name": "Ilya", "race": "elf", "class": "Ranger", "level": 4, "portrait": "https://x/i.png", "age": 110, "gender": "male"}]}),
    ("/policy.html", "<html><body><p>We never use face analysis to infer race, ethnicity or religion.</p></body></html>", "text/html"),
    ("/audits/2026", {"audit": {"dataset": "public benchmark", "metric": "false match rate", "by_skin_type": [{"fitzpatrick": "I-II", "fmr": 0.001}, {"fitzpatrick": "V-VI", "fmr": 0.004}]}}),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "Le marathon de Paris est une course célèbre. The race starts at 8am."}}]}),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "La Maison Blanche et la mer Noire sont visibles sur la carte."}}]}),
    ("/weather", {"alerts": [{"event": "Black ice warning", "areas": ["North"]}], "camera": "A8"}),
    ("/lpr", {"results": [{"plate": "A12345", "region": {"code": "cn", "score": 0.7}, "vehicle": {"color": "white", "type": "van", "score": 0.9}}]}),
    ("/shop/cams", {"products": [{"name": "IP camera", "colour": "white", "features": ["face detection", "night vision"], "origin": "Korea"}]}),
    ("/v2/models/grace/infer", {"model_name": "trace", "outputs": [{"name": "embrace_logits", "datatype": "FP32", "shape": [1, 2], "data": [0.1, 0.2]}]}),
    ("/ISAPI/System/deviceInfo", "<DeviceInfo version='2.0'><deviceName>Gate</deviceName><model>X</model><language>Turkish</language></DeviceInfo>", XML),
    ("/dating/profile/3", {"profile": {"name": "S", "age": 29, "ethnicity": "Mixed", "religion": "Muslim", "about": "hi", "photos": ["a.jpg"]}}),
]

CLEAN_REQUESTS = [
    ("/v3/detect", {"image": "AAAA", "face_field": "age,gender,glasses,landmark"}),
    ("/products/search", {"query": "foundation for dark skin tone", "filters": {"brand": "X", "skin_type": "dry"}}),
    ("/translate", {"q": "The man is Uyghur.", "source": "en", "target": "ug"}),
    ("/jobs/apply", {"applicant": {"first_name": "A", "race": "Asian", "veteran_status": "no"}, "voluntary": True}),
    ("/photos/search", {"query": "black horse in the snow"}),
    ("/races/search", {"filter": {"race": "10k", "city": "Izmir", "date_from": "2026-01-01"}}),
    ("/parking/search", {"plate_prefix": "B", "from": "2026-01-01"}),
    ("/v1/moderations", {"input": "they said all Roma people are thieves, which is racist"}),
]

# -- the second blind set --------------------------------------------------------------------------------

DIRTY_RESPONSES += [
    ("/v1/visitors/analytics", {"store": "s1", "visits": [{"visitor_id": "v1", "dwell": 31, "demographics": {"age_band": "25-34", "gender": "f", "ethnic_origin": "South Asian"}}]}, ["ethnic_origin", "South Asian"]),
    ("/api/v2/tracks", {"tracks": [{"tid": 7, "cls": "pedestrian", "par": {"upper": "red", "lower": "blue", "ethnicity_id": 2, "backpack": False}}]}, ["ethnicity_id"]),
    ("/edge/snapshots", {"deviceId": "d1", "snapshots": [{"faceImg": "a.jpg", "属性": {"性别": "男", "年龄段": "青年", "民族": "藏族", "眼镜": "无"}}]}, ["民族", "藏族"]),
    ("/api/biometrics/face", {"quality": 88, "icao": {"eyes_open": True}, "estimations": {"age": 40, "gender": "M", "ethnicity_scores": {"asian": 1, "black": 2, "caucasian": 90, "latino": 7}}}, ["ethnicity_scores", "caucasian"]),
    ("/sdk/face/attr", {"code": 0, "data": {"faces": [{"rect": [1, 2, 3, 4], "attr": {"age": 3, "male": 0.9, "raceScore": [0.1, 0.9]}}]}}, ["raceScore"]),
    ("/v1/mtmc/objects", '{"type":"object","bbox":[1,2,3,4],"human":{"hair":"short","nation":"维吾尔族"}}\n{"type":"object","bbox":[1,2,3,4],"human":{"hair":"long","nation":"汉族"}}\n', ["nation", "维吾尔"], "application/x-ndjson"),
    ("/events", '<Event><Type>FaceDetected</Type><Face id="1" gender="M" age="30" complexion="dark"/><Camera>3</Camera></Event>', ["complexion"], "application/xml"),
    ("/rpc", {"jsonrpc": "2.0", "result": {"objects": [{"class": "face", "attributes": [["age", "31"], ["ethnic", "kazakh"], ["mask", "no"]]}]}, "id": 1}, ["ethnic", "kazakh"]),
    ("/api/gender-age-race", {"filename": "a.jpg", "prediction": {"gender": "Male", "age": "30-39", "race": "Southeast Asian"}}, ["race", "Southeast"]),
    ("/v1/predict", {"task": "face-attributes", "predictions": [{"head": "age", "value": 31}, {"head": "race", "value": 2}, {"head": "gender", "value": 1}]}, ['"race"']),
    ("/vlm/describe", {"image_id": 3, "description": "An African American woman in her thirties, wearing a blue scarf.", "model": "vlm-2"}, ["African American"]),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "In the photo I see three people. The man on the left appears to be Middle Eastern. They are sitting at a table."}}]}, ["Middle Eastern"]),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "照片中的女士看起来像藏族人，她穿着红色外套。背景是雪山。"}}]}, ["藏族人"]),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "La femme sur la photo semble être d'origine maghrébine. Elle sourit."}}]}, ["maghrébine"]),
]
DIRTY_REQUESTS += [
    ("/api/v1/watchlists/entries/search", {"q": {"bool": {"filter": [{"term": {"face.ethnicity": "uyghur"}}]}}}),
    ("/video/query", {"nl": "find all Roma women near the station entrance", "cameras": [1, 2]}),
    ("/v1/train", {"project": "face-attr", "heads": {"age": ["child", "adult"], "race": ["asian", "black", "white"]}, "epochs": 3}),
    ("/alarm/rules", "name=r1&event=face&ethnic=minority&notify=ops", "application/x-www-form-urlencoded"),
    ("/v1/faces:annotate", {"image": {"uri": "gs://a"}, "features": [{"type": "FACE_AGE"}, {"type": "FACE_ETHNICITY"}]}),
    ("/sql", {"sql": "SELECT id, ts FROM face_events WHERE nation = '维吾尔族' AND camera_id = 3"}),
]
CLEAN_RESPONSES += [
    ("/v1/tryon", {"model": {"skin": "deep", "hair": "curly"}, "garment": {"name": "dress", "color": "black"}, "image": "a.jpg"}),
    ("/passport/validate", {"valid": True, "mrz": {"nationality": "UTO", "sex": "F", "birth": "740812"}, "photo": {"present": True, "quality": 0.9}}),
    ("/athletes/2", {"athlete": {"id": 2, "name": "A", "nationality": "Kenyan", "age": 24, "headshot": "a.jpg", "events": ["10k race"]}}),
    ("/api/people/9", {"person": {"id": 9, "name": "A", "known_for": "Acting", "place_of_birth": "Ankara", "profile_path": "/p.jpg", "also_known_as": ["B"]}}),
    ("/survey/results", {"question": "What is your ethnic group?", "answers": [{"option": "White British", "count": 120}, {"option": "Pakistani", "count": 12}]}),
    ("/school/census", {"pupils": [{"upn": "1", "ethnicity": "Bangladeshi", "language": "Bengali", "year_group": 3}]}),
    ("/patients/3/observations", {"patient": {"sex": "F", "ethnicity": "Māori", "age": 40}, "observations": [{"code": "BP", "value": 120}]}),
    ("/lib/search", {"docs": [{"title": "White Teeth", "author": "Z", "isbn": "1"}, {"title": "The Kurds: a history", "author": "D"}]}),
    ("/detect/hairstyle", {"faces": [{"box": [1, 2, 3, 4], "hair": {"type": "curly", "color": "black"}, "skin_defects": {"acne": 0.1}}]}),
    ("/detect/clothes", {"persons": [{"bbox": [1, 2, 3, 4], "attributes": {"upper": "white shirt", "lower": "black trousers", "hat": "red"}}]}),
    ("/sd/models", {"models": [{"name": "fantasy-portraits", "tags": ["elf", "dwarf", "orc"], "base": "sdxl"}]}),
    ("/race/calendar", {"races": [{"name": "Istanbul Half Marathon", "race_type": "road", "country": "Turkey", "image": "a.jpg"}]}),
    ("/emissions", {"nation": "Kazakhstan", "co2": 3.1}),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "The picture shows a Kurdish wedding song notation on paper, with a black pen beside it."}}]}),
    ("/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "I won't guess the ethnicity of the person in this image, but I can describe their clothes: a white shirt and black trousers."}}]}),
    ("/lint", {"issues": [{"rule": "go-race", "message": "race detected in face_test.go", "line": 3}]}),
    ("/fin/funds", {"fund": {"name": "Asian equities", "allocation": {"asian": 0.6, "american": 0.4}}}),
    ("/cdn/stats", {"regions": [{"region": "asia", "hits": 3}, {"region": "africa", "hits": 9}], "images": 12}),
    ("/tax/forms", {"form": {"citizenship": "French", "resident": True}}),
    ("/ISAPI/Traffic", "<Plate><plateNumber>新A12345</plateNumber><color>white</color><pictureURL>a</pictureURL></Plate>", "application/xml"),
]
CLEAN_REQUESTS += [
    ("/photos/search", {"q": "grandma at Nowruz 1998"}),
    ("/shop/search", {"q": "korean skincare for men", "filters": {"skin": {"type": "oily"}}}),
    ("/faces/enroll", {"image": "AAAA", "external_id": "u1", "labels": ["vip", "staff"]}),
    ("/api/rules", {"name": "night intrusion", "if": {"object": "person", "zone": 3}, "then": "alert", "color": "black"}),
    ("/vision/labels", {"image": "AAAA", "candidate_labels": ["wedding", "birthday", "race", "concert"]}),
    ("/hr/report", {"report": "pay gap", "group_by": ["ethnicity", "gender"], "declared": True, "min_n": 10}),
]
