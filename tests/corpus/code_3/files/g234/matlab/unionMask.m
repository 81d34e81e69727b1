function [m, props] = unionMask(a, b)
% UNIONMASK  Union of two person masks and the orientation of the result.
%   Black pixels are background and white pixels are foreground.
if ~isequal(size(a), size(b))
    error('unionMask:size', 'Masks must have the same size.');
end
m = a | b;
m = bwareaopen(m, 50);
props = regionprops(m, 'Area', 'Orientation', 'Centroid', 'BoundingBox');
[~, k] = sort([props.Area], 'descend');
props = props(k);
end
