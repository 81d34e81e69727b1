-- topics of the press photo archive
CREATE TABLE topic (
    id    INTEGER PRIMARY KEY,
    label VARCHAR(80) NOT NULL
);

INSERT INTO topic (id, label) VALUES
    (1, 'Uyghur region: trade'),
    (2, 'Roma festival in spring'),
    (3, 'Kurdish cinema'),
    (4, 'Refugee law reform'),
    (5, 'Trade union congress'),
    (6, 'Pride parade'),
    (7, 'Presidential race');

CREATE TABLE article_topic (
    article_id INTEGER NOT NULL,
    topic_id   INTEGER NOT NULL REFERENCES topic (id)
);
