function [imds, T] = readLabels(folder)
%READLABELS Reads the aligned face folder and its labels for trainNetwork.
%   [IMDS, T] = READLABELS(FOLDER) parses the names age_sex_group_date.jpg

files = dir(fullfile(folder, '*.jpg'));
n = numel(files);
T = table('Size', [n 3], 'VariableTypes', {'double','double','double'}, ...
          'VariableNames', {'age','sex','race'});

for k = 1:n
    parts = sscanf(files(k).name, '%d_%d_%d_');
    if numel(parts) == 3
        T(k, :) = num2cell(parts');
    end
end

T.race = categorical(T.race, 0:4, {'white','black','asian','indian','other'});
imds = imageDatastore(folder);
end
