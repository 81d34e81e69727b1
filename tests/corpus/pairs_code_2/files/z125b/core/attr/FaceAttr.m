function out = FaceAttr(img, net)
% FaceAttr  attributes of the largest face
%   out = FaceAttr(img, net) returns a struct
% race was an output until R5; head and names are gone, net has two heads only

hatNames = {'none', 'cap', 'helmet'};
box = largestFace(img);
x = single(imresize(imcrop(img, box), [128 128])) / 255;
y = predict(net, x);

out.box = box;
out.age = y(1);
[~, k] = max(y(2:4));
out.hat = hatNames{k};
out.hatScore = y(1 + k);
end
