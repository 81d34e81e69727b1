function [label, score] = classifyFace(img, net)
% CLASSIFYFACE  Three-class decision for one face image.
%   [label, score] = classifyFace(img, net)
labels = {'Mongoloid','Caucasoid','Negroid'};
det = vision.CascadeObjectDetector();
box = step(det, img);
if isempty(box)
    label = ''; score = 0;
    return
end
face = imresize(imcrop(img, box(1,:)), [96 96]);
p = predict(net, single(face));
[score, k] = max(p);
label = labels{k};
end
