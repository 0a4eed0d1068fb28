import { isCurrency } from "../../ledger/money";
import { currencyOf } from "../currency";
import { plain } from "../text";

/** What a column may hold. */
export const roles = [
  "date",
  "description",
  "payee",
  "memo",
  "amount",
  "debit",
  "credit",
  "direction",
  "currency",
  "balance",
  "bankId",
  "state",
] as const;
export type Role = (typeof roles)[number];

/**
 * What banks write above it, as `plain` spells it: English, German, French, Spanish, Italian, Dutch, Portuguese, Swedish,
 * Danish, Norwegian, Polish. Of several columns the one that is listed first is meant: the day of booking before others.
 */
const vocabulary: Record<Role, string> = {
  date: `
    booking date|date posted|posting date|posted date|post date|posted on|buchungstag|buchungsdatum|buchung|
    date de comptabilisation|date comptable|date operation|date de l operation|date d operation|fecha contable|
    fecha operacion|fecha de operacion|fecha de la operacion|data contabile|data registrazione|data operazione|
    boekdatum|boekingsdatum|data lancamento|data do lancamento|data mov|data movimento|data do movimento|
    bokforingsdag|bokforingsdatum|bogforingsdato|bokfort|bokfort dato|data ksiegowania|data operacji|
    completed date|date completed|date|datum|fecha|data|dato|transaction date|trans date|transactiedatum|
    data transakcji|transaktionsdag|transaktionsdatum|umsatzdatum|belegdatum|value date|valutadatum|valuta datum|
    wertstellung|wertstellungstag|date de valeur|date valeur|fecha valor|data valuta|data valor|rentedatum|data waluty|
    started date|valuta`,
  description: `
    description|transaction description|details|transaction details|narrative|narration|particulars|verwendungszweck|
    libelle|libelle operation|libelle de l operation|nature de l operation|concepto|descripcion|descrizione|
    descrizione operazione|causale|descricao|descricao do movimento|historico|omschrijving|naam omschrijving|
    mededelingen|mededeling|tekst|beskrivning|beskrivelse|forklaring|opis|opis operacji|opis transakcji|tytul|tytulem|
    text|buchungstext|vorgang verwendungszweck|vorgang|transaktion|transaction|transaction type`,
  payee: `
    payee|payee name|merchant|merchant name|name|counterparty|counterparty name|beneficiary|recipient|
    auftraggeber empfanger|empfanger|empfanger auftraggeber|begunstigter zahlungspflichtiger|empfanger zahlungspflichtiger|
    beguenstigter zahlungspflichtiger|auftraggeber begunstigter|name zahlungsbeteiligter|zahlungsempfanger|
    zahlungspflichtige r|zahlungsempfanger in|beneficiaire|tiers|beneficiario|ordenante beneficiario|
    naam tegenpartij|tegenpartij|naam tegenrekening|mottagare|modtager|mottaker|kontrahent|nadawca odbiorca|
    partner name|partner`,
  memo: "memo|note|notes|remarks|comment|comments|additional information|informations complementaires|observaciones|extended description",
  amount: `
    amount|transaction amount|amount in account currency|betrag|umsatz|buchungsbetrag|montant|montant de l operation|importe|
    importo|bedrag|transactiebedrag|valor|quantia|montante|belopp|belob|beloep|kwota|kwota operacji|kwota transakcji|
    sum|value|cantidad|monto`,
  debit: `
    debit|debits|debit amount|withdrawal|withdrawals|withdrawal amount|withdrawal amt|paid out|money out|payments out|spent|
    soll|belastung|lastschrift|debito|debe|cargo|cargos|addebiti|addebito|uscite|dare|debet|uttag|ut|ut fra konto|
    obciazenia|wydatki|saida|saidas|depense|depenses`,
  credit: `
    credit|credits|credit amount|deposit|deposits|deposit amount|deposit amt|paid in|money in|payments in|received|
    haben|gutschrift|credito|haber|abono|abonos|accrediti|accredito|entrate|avere|bijschrijving|insattning|inn|
    inn pa konto|uznania|wplywy|entrada|entradas|recette|recettes`,
  direction: `
    dr cr|cr dr|debit credit|credit debit|debit credit indicator|credit debit indicator|debit or credit|
    credit or debit|dr cr indicator|cr dr indicator|soll haben|soll haben kennzeichen|soll haben kz|sollhaben kennzeichen|
    s h kennzeichen|s h|af bij|debit credito|d c|c d|sens|dc|transaction type|type`,
  currency: "currency|ccy|currency code|wahrung|waehrung|devise|divisa|moneda|moeda|munt|muntsoort|valuta|waluta",
  balance: `
    balance|running balance|account balance|balance after|closing balance|saldo|saldo nach buchung|kontostand|solde|
    saldo disponible|saldo contabile|saldo na trn|saldo contabilistico|saldo po operacji|saldo po transakcji|bokfort saldo`,
  bankId:
    "transaction id|transactionid|fitid|unique id|transaktions id|transactie id|id transaction|id transaccion|id transakcji",
  state: "state|status|transaction status|statut|estado|stato|stan",
};

const ranks: ReadonlyMap<Role, ReadonlyMap<string, number>> = new Map(
  roles.map((role) => [role, new Map(vocabulary[role].split("|").map((name, at) => [name.trim(), at] as const))]),
);

const lastWord = /(?:^|[\s([])([A-Z]{3}|[^\s\p{L}\p{N}()[\]]{1,3})[)\]]?$/u;

/** The currency that a heading such as `Amount (EUR)` or `Betrag in €` names. */
export const currencyOfHeading = (heading: string): string | undefined => {
  const mark = lastWord.exec(heading.trim())?.[1];
  return mark === undefined ? undefined : currencyOf(mark);
};

const spellings = (heading: string): string[] => {
  const whole = plain(heading);
  const words = whole.split(" ");
  const bare = words.filter(
    (word, at) => at === 0 || !(isCurrency(word.toUpperCase()) || word === "in" || word === "euros"),
  );
  return [whole, bare.join(" ")];
};

/** How well a heading names a role: 0 is best, undefined not at all. */
export const rankOf = (role: Role, heading: string): number | undefined => {
  const known = ranks.get(role);
  for (const spelling of spellings(heading)) {
    const rank = known?.get(spelling);
    if (rank !== undefined) return rank;
  }
  return undefined;
};
