using System;

namespace Archive.Search
{
    /// <summary>Фильтр поиска людей в видеоархиве</summary>
    public sealed class TrackFilter
    {
        /// <summary>Начало интервала</summary>
        public DateTime From { get; set; }

        /// <summary>Конец интервала</summary>
        public DateTime To { get; set; }

        /// <summary>Пол</summary>
        public string Gender { get; set; }

        /// <summary>Цвет верхней одежды</summary>
        public string UpperColor { get; set; }

        /// <summary>Есть ли сумка или рюкзак</summary>
        public bool? HasBag { get; set; }
    }
}
