-- The record of the board's meetings. Appended to: a mistake is corrected by a new record.
CREATE TABLE board_meeting (
  meeting_id          uuid PRIMARY KEY,
  meeting_date        date NOT NULL,
  form                smallint NOT NULL CHECK (form BETWEEN 1 AND 4),
  seats               text[] NOT NULL CHECK (cardinality(seats) BETWEEN 1 AND 10),
  deputy_seats        text[] NOT NULL CHECK (deputy_seats <@ seats),
  item_count          integer NOT NULL CHECK (item_count BETWEEN 0 AND 100),
  corrects_meeting_id uuid REFERENCES board_meeting,
  recorded_by_seat    text NOT NULL CHECK (recorded_by_seat <> ''),
  recorded_at         timestamptz NOT NULL
);
CREATE TABLE board_meeting_item (
  meeting_id  uuid NOT NULL REFERENCES board_meeting,
  place       integer NOT NULL,
  referral_id uuid NOT NULL REFERENCES referral,
  text_sealed bytea,
  PRIMARY KEY (meeting_id, place),
  UNIQUE (meeting_id, referral_id)
);
REVOKE UPDATE, DELETE ON board_meeting, board_meeting_item FROM referral_runtime;
