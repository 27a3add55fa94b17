// Who calls, about whom, and when. Invented people with numbers of the published test kind.
export const worker = {unit: 'alvesta-authority', org: 'alvesta', role: 'social_worker'};
export const decider = {unit: 'alvesta-authority', org: 'alvesta', role: 'decider'};
export const ifo1 = {unit: 'vaxjo-ifo1', org: 'vaxjo', role: 'social_worker'};
export const ifo1Decider = {unit: 'vaxjo-ifo1', org: 'vaxjo', role: 'decider'};
export const ekelidenSeat =
    {unit: 'placement-board', org: 'region-kronoberg', role: 'board_member', seat: 'ekeliden'};
export const novusSeat =
    {unit: 'placement-board', org: 'vaxjo', role: 'board_member', seat: 'novus'};
export const ekeliden = {unit: 'ekeliden', org: 'region-kronoberg', role: 'facility_staff'};
export const novus = {unit: 'novus', org: 'vaxjo', role: 'facility_staff'};
export const clinic =
    {unit: 'clinic-region-vaxjo', org: 'region-kronoberg', role: 'clinician'};
export const statistician =
    {unit: 'clinic-region-vaxjo', org: 'region-kronoberg', role: 'statistician'};

export const auditor = {unit: 'alvesta-authority', org: 'alvesta', role: 'auditor'};
export const childFamily = {unit: 'vaxjo-child-family', org: 'vaxjo', role: 'social_worker'};

export function identityNumber(born, birthNumber) {
  const digits = born.replaceAll('-', '') + birthNumber;
  let sum = 0;
  for (let i = 2; i < digits.length; ++i) {
    const doubled = Number(digits[i]) * (i % 2 === 0 ? 2 : 1);
    sum += Math.floor(doubled / 10) + doubled % 10;
  }
  return digits + (10 - sum % 10) % 10;
}

export function form(born, extra = {}) {
  return {
    person: {
      identityNumber: identityNumber(born, '238'),
      givenName: 'Vega',
      familyName: 'Påhittsdotter',
      legalSex: 'LEGAL_SEX_FEMALE',
      homeMunicipalityCode: '0764',
      registrationMunicipalityCode: '0764',
    },
    ground: 'GROUND_VOLUNTARY',
    needs: [{kindCode: 'alcohol', level: 'NEED_LEVEL_SUBSTANTIAL', text: 'Dagligt bruk.'}],
    wishesAndGoals: 'Vill ha en vardag som håller.',
    ...extra,
  };
}

// The suite's time: the machine's, moved by ./vardkedja clock. Begins at nine in the morning, so
// that a slow machine does not pass midnight.
export class Calendar {
  constructor(client) {
    this.client = client;
    this.moved = 0;
    const now = new Date();
    const hour = Number(new Intl.DateTimeFormat(
        'sv-SE', {hour: 'numeric', timeZone: 'Europe/Stockholm'}).format(now));
    this.pass((33 - hour) % 24 * 60 || 24 * 60);
  }

  pass(minutes) {
    this.client.command('clock', `+${minutes}m`);
    this.moved += minutes * 60_000;
  }

  days(count) {
    this.client.command('clock', `+${count}d`);
    this.moved += count * 86_400_000;
  }

  now() { return new Date(Date.now() + this.moved); }

  // A date in Sweden, so many days from the suite's today.
  date(ahead = 0) {
    const at = new Date(this.now().getTime() + ahead * 86_400_000);
    return new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Stockholm'}).format(at);
  }

  instant(minutesAhead) {
    return new Date(this.now().getTime() + minutesAhead * 60_000).toISOString();
  }
}
