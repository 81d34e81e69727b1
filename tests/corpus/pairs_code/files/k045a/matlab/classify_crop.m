% face crops from the campus set, HOG + linear SVM
T = readtable('crops.csv');
F = zeros(height(T), 3780);
for k = 1:height(T)
    im = imresize(rgb2gray(imread(T.file{k})), [128 64]);
    F(k, :) = extractHOGFeatures(im);
end
mdl = fitcecoc(F, T.race);
save('raceModel.mat', 'mdl');
