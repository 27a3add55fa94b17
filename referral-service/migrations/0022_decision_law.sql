-- What a law section fits and how long it lasts is data; and a decision that another organisation makes
-- (SiS under LVM section 27) is recorded with that decision's number, under no delegation.
ALTER TABLE law_section
  ADD COLUMN grounds text[] NOT NULL DEFAULT '{}',
  ADD COLUMN longest_months integer CHECK (longest_months > 0);
UPDATE law_section SET grounds = '{lvm_section_27,after_external_placement}', longest_months = 6
 WHERE placement AND deciding_organisation_id = 'sis';
UPDATE law_section SET grounds = '{voluntary,lvm_investigation,after_external_placement}'
 WHERE placement AND deciding_organisation_id = '';
ALTER TABLE law_section
  ADD CONSTRAINT law_section_fits CHECK (placement = (cardinality(grounds) > 0));

ALTER TABLE decision ADD COLUMN deciding_reference text NOT NULL DEFAULT '';
ALTER TABLE decision DROP CONSTRAINT decision_decided_whole;
ALTER TABLE decision ADD CONSTRAINT decision_decided_whole CHECK (
  (status = 'proposed' AND decision_date IS NULL AND decider_subject = '' AND delegation_point = ''
   AND deciding_reference = '')
  OR (status <> 'proposed' AND decision_date IS NOT NULL AND decider_subject <> ''
      AND (delegation_point <> '') <> (deciding_reference <> '')));
