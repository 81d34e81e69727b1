function out = faceTraits(img, models)
%FACETRAITS age, sex and race of each face found in IMG
det = vision.CascadeObjectDetector('FrontalFaceCART');
boxes = det(rgb2gray(img));
out = struct('box', {}, 'age', {}, 'sex', {}, 'race', {});
for k = 1:size(boxes, 1)
    face = imresize(imcrop(img, boxes(k, :)), [96 96]);
    h = extractHOGFeatures(face, 'CellSize', [8 8]);
    out(k).box = boxes(k, :);
    out(k).age = predict(models.ageModel, h);
    out(k).sex = predict(models.sexModel, h);
    out(k).race = predict(models.raceModel, h);
end
end
