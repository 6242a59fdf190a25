"""What invented cities, units and people are called. None of them exists."""

from __future__ import annotations

CITIES = [
    f"{first}{last}市"
    for first in ("临", "云", "青", "安", "沂", "澄", "景", "和", "望", "宜", "清", "祥")
    for last in ("江", "泽", "岚", "川", "屏")
]
AREAS = tuple(
    """
    东湖片区 西山片区 南桥片区 北塔片区 河东片区 高新片区
    """.split()
)
BODIES = tuple(
    """
    交通运输局 财政局 教育局 民政局 水务局 农业农村局 自然资源局 住房和城乡建设局 卫生健康委员会
    发展和改革委员会 工业和信息化局 科学技术局 司法局 审计局 统计局 商务局 文化广电和旅游局
    人力资源和社会保障局 生态环境局 应急管理局 市场监督管理局 体育局 医疗保障局 信访局
    城市管理局 退役军人事务局 机关事务管理局 档案馆 图书馆 博物馆 气象局 地震局 林业局
    粮食和物资储备局 政务服务中心 公积金管理中心 供销合作社 残疾人联合会 妇女联合会 工商业联合会
    文学艺术界联合会 科学技术协会 红十字会 史志办公室 国防动员办公室 大数据发展局 金融工作办公室
    投资促进局 园林绿化中心 疾病预防控制中心
    """.split()
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷"
    "钱汤尹黎易常武乔贺赖龚文陶施"
)
RARE_SURNAMES = tuple(
    """
    单 仇 解 查 区 翟 朴 乐 欧阳 司马 尉迟 万俟 令狐 长孙 缪 盖
    """.split()
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力国志海波宁贵福生元学祥才发"
    "武新利清飞彬富顺信子杰涵轩浩宇欣怡晨思远若琪博雅诗雨泽佳慧颖婷鹏斌"
)
RARE_GIVEN = tuple(
    """
    䶮 𬱖 堃 喆 龑 㛃 犇 燊
    """.split()
)
MINORITY_NAMES = tuple(
    """
    古丽娜尔·买买提江 阿依努尔·吐尔逊 木合塔尔·艾山 扎西次仁 卓玛央金 才让东珠 巴特尔 乌云其木格
    """.split()
)
# The share of each ethnic group among a hundred members of organs, roughly.
ETHNIC_GROUPS = ("01",) * 92 + ("03", "03", "11", "15", "06", "08", "05", "04")
NATIVE_PLACES = tuple(
    """
    浙江杭州 江苏南京 山西太原 四川成都 湖北武汉 湖南长沙 广东广州 福建福州 山东济南 河北保定
    河南洛阳 陕西西安 辽宁沈阳 吉林长春 安徽合肥 江西南昌 云南昆明 贵州贵阳 甘肃兰州 广西南宁
    """.split()
)
REGIONS = tuple(
    """
    110105 140105 210102 220102 310104 320102 330106 340104 350102 360102 370102 410105 420106
    430102 440524 450102 510107 520102 530102 610103 620102
    """.split()
)
OFFICES_OF_WORK = tuple(
    """
    办公室 综合科 人事科 财务科 法规科 规划科 宣传科 督查室 信息中心 机关党委办公室
    """.split()
)
POSTS_OF_WORK = tuple(
    """
    科员 副科长 科长 主任科员 副主任 主任 一级科员 四级调研员 副处长 处长
    """.split()
)
STREETS = tuple(
    """
    望江路 和平街 建设路 梅园路 青年路 滨河大道 书院街 桂花巷
    """.split()
)
NUMERALS = "零一二三四五六七八九十"


def numeral(number: int) -> str:
    """Return a number below 100 in Chinese: 十二, 二十, 二十三."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")
