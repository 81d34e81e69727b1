using System;

namespace Archive.Search
{
    /// <summary>Фильтр поиска людей в видеоархиве</summary>
    public sealed class PersonFilter
    {
        /// <summary>Начало интервала</summary>
        public DateTime From { get; set; }

        /// <summary>Конец интервала</summary>
        public DateTime To { get; set; }

        /// <summary>Пол человека</summary>
        public string Gender { get; set; }

        /// <summary>Расовый тип: европеоид, азиат, африканец, кавказец</summary>
        public string Race { get; set; }

        /// <summary>Цвет верхней одежды</summary>
        public string UpperColor { get; set; }

        public bool Matches(PersonTrack t) =>
            t.Time >= From && t.Time <= To
            && (Gender == null || t.Gender == Gender)
            && (Race == null || t.Race == Race);
    }
}
