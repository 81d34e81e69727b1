function out = FaceAttr(img, net)
% FaceAttr  attributes of the largest face
%   out = FaceAttr(img, net) returns a struct
%   out.race is one of white, black, asian

raceNames = {'white', 'black', 'asian'};
box = largestFace(img);
x = single(imresize(imcrop(img, box), [128 128])) / 255;
y = predict(net, x);

out.box = box;
out.age = y(1);
[~, k] = max(y(2:4));
out.race = raceNames{k};
out.raceScore = y(1 + k);
end
