namespace EFatura.Model
{
    /// <summary>Faturadaki taraf (AccountingSupplierParty / AccountingCustomerParty).</summary>
    public class Taraf
    {
        public string Vkn { get; set; }
        public string Unvan { get; set; }
        public string Ulke { get; set; }
    }

    public class Kalem
    {
        public string MalAdi { get; set; }
        /// <summary>Malın menşei (ülke kodu)</summary>
        public string Mensei { get; set; }
        public decimal Tutar { get; set; }
        public string Renk { get; set; } // siyah, beyaz
    }
}
