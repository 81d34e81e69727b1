using System.Collections.Generic;
using System.Linq;

namespace NongTian
{
    /// <summary>单人种植田块的航拍图统计</summary>
    public class DanRenZhongTian
    {
        public string 田块 { get; set; }
        public double 面积 { get; set; }
        public string 航拍图 { get; set; }
        public string 作物 { get; set; }
    }

    public static class TongJi
    {
        // 每人种多少亩:按航拍面积除以户数
        public static double 每人种(IEnumerable<DanRenZhongTian> list, int 户数)
            => 户数 == 0 ? 0 : list.Sum(t => t.面积) / 户数;
    }
}
