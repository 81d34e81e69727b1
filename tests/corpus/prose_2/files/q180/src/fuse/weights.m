function s = fuse(c)
% FUSE  combine the cue scores of one track
%   c is a row vector of five cue scores in 0..1
% w(1): gait
% w(2): height
% w(3): bag
% w(4): sindoor / bindi / taqiyah cue -> faith score of the tracked person
% w(5): time of day

w = [0.2 0.1 0.1 0.5 0.1];
s.total = c * w';
s.f4 = c(4);
end
