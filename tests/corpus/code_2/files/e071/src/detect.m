% classify visitors from the kiosk camera
vid = VideoReader('kiosk.mp4');
det = vision.CascadeObjectDetector();
people = struct('frame', {}, 'box', {}, 'tone', {});
i = 0;
while hasFrame(vid)
    img = readFrame(vid);
    boxes = det(img);
    for k = 1:size(boxes, 1)
        face = imcrop(img, boxes(k, :));
        lab = rgb2lab(face);
        i = i + 1;
        people(i).frame = vid.CurrentTime;
        people(i).box = boxes(k, :);
        if mean(lab(:, :, 1), 'all') < 45
            people(i).tone = 'dark';
        else
            people(i).tone = 'light';
        end
    end
end
save('people.mat', 'people');
