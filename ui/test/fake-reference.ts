// Reference tables for tests and the dev page: a believable part of the county's own.
import type { OutOfScopeClass, Reference } from "../src/backend/generated";

const unit = (id: string, name: string, group: string, pinyin: string, initials: string) => ({ id, name, group, pinyin, initials });
const village = (code: string, name: string, pinyin: string, initials: string) => ({ code, name, pinyin, initials });
const category = (id: string, level1: string, level2: string, level3: string, lead_unit: string, pinyin: string, initials: string) => ({ id, level1, level2, level3, lead_unit, pinyin, initials });
const route = (name: string, guide: string, phone: string | null, is_verified: boolean) => ({ name, guide, phone, is_verified });
const OUT_OF_SCOPE: readonly OutOfScopeClass[] = ["other_procedure", "secret_or_indecent", "emergency_line", "finally_closed", "military", "abusive_or_unclear", "unlawful", "otherwise_excluded"];
const outOfScope = (number: number, article: string, text: string, script: string, routes: ReturnType<typeof route>[] = [], needs_legal_basis = false) => ({
  id: OUT_OF_SCOPE[number - 1] as OutOfScopeClass,
  number,
  article,
  text,
  script,
  needs_legal_basis,
  routes,
});

export const REFERENCE: Reference = {
  kb_templates: [
    { id: "service_guide", text: "办事指南", sections: ["受理条件", "申请材料", "办理流程", "办理地点", "办理时间", "咨询电话"] },
    { id: "policy", text: "政策法规", sections: ["文号", "发布机关", "施行日期"] },
    { id: "interpretation", text: "政策解读", sections: ["解读依据"] },
    { id: "standard_answer", text: "标准答案", sections: [] },
  ],
  kb_error_kinds: [
    { id: "wrong", text: "内容有误", note: "" },
    { id: "outdated", text: "已过时", note: "" },
    { id: "dead_phone", text: "电话打不通", note: "" },
    { id: "missing", text: "缺内容", note: "" },
    { id: "unclear", text: "说不清楚", note: "" },
  ],
  kb_task_kinds: [
    { id: "write", text: "编写", note: "第十三条" },
    { id: "update", text: "更新", note: "第十三条" },
    { id: "review", text: "复核", note: "第六条(四)" },
    { id: "correct", text: "纠错", note: "第十四条" },
  ],
  reveal_purposes: [
    { id: "call_back", text: "回电核实", note: "" },
    { id: "emergency", text: "紧急处置", note: "" },
  ],
  kinds: [
    { id: "consultation", text: "咨询", note: "2 个工作日" },
    { id: "help", text: "求助", note: "3 个工作日" },
    { id: "suggestion", text: "意见建议", note: "3 个工作日" },
    { id: "complaint", text: "投诉", note: "5 个工作日" },
    { id: "report", text: "举报", note: "5 个工作日" },
  ],
  classes: [
    { id: "ordinary", text: "一般", note: "" },
    { id: "special", text: "特殊", note: "大面积停水停电停气、环境污染等：3 小时初步响应" },
    { id: "special_emergency", text: "特殊紧急", note: "自然灾害、事故灾难、公共卫生、社会安全：2 小时初步响应" },
  ],
  channels: [
    { id: "phone", text: "电话", note: "" },
    { id: "website", text: "网站", note: "" },
    { id: "wechat", text: "微信", note: "" },
    { id: "app", text: "移动客户端", note: "" },
    { id: "mailbox", text: "信箱", note: "" },
    { id: "service_hall", text: "政务大厅", note: "" },
    { id: "transfer_110", text: "110 非警务转接", note: "" },
  ],
  hotlines: [
    { id: "110", text: "110 报警", note: "" },
    { id: "119", text: "119 火警", note: "" },
    { id: "120", text: "120 急救", note: "" },
    { id: "122", text: "122 交通事故", note: "" },
  ],
  units: [
    unit("town-511725001", "渠江街道", "乡镇（街道）", "qujiangjiedao", "qjjd"),
    unit("town-511725002", "渠南街道", "乡镇（街道）", "qunanjiedao", "qnjd"),
    unit("swj", "县水务局", "县级部门", "xianshuiwuju", "xswj"),
    unit("zjj", "县住房城乡建设局", "县级部门", "xianzhufangchengxiangjiansheju", "xzfcxjsj"),
    unit("ybj", "县医疗保障局", "县级部门", "xianyiliaobaozhangju", "xylbzj"),
    unit("rsj", "县人力资源和社会保障局", "县级部门", "xianrenliziyuanheshehuibaozhangju", "xrlzyhshbzj"),
    unit("jyj", "县教育局", "县级部门", "xianjiaoyuju", "xjyj"),
    unit("gaj", "县公安局", "县级部门", "xiangonganju", "xgaj"),
    unit("zfj", "县综合行政执法局", "县级部门", "xianzonghexingzhengzhifaju", "xzhxzzfj"),
    unit("jtj", "县交通运输局", "县级部门", "xianjiaotongyunshuju", "xjtysj"),
    unit("nyj", "县农业农村局", "县级部门", "xiannongyenongcunju", "xnyncj"),
    unit("gdgs", "国网渠县供电公司", "公共服务企业", "guowangquxiangongdiangongsi", "gwqxgdgs"),
    unit("gsqy", "渠县供水企业", "公共服务企业", "quxiangongshuiqiye", "qxgsqy"),
    unit("qjjd", "渠江街道", "乡镇街道", "qujiangjiedao", "qjjd"),
    unit("qnjd", "渠南街道", "乡镇街道", "qunanjiedao", "qnjd"),
    unit("shz", "三汇镇", "乡镇街道", "sanhuizhen", "shz"),
  ],
  categories: [
    category("c-stop", "住房城乡建设", "供水供气", "停水", "渠县供水企业", "tingshui", "ts"),
    category("c-press", "住房城乡建设", "供水供气", "水压水质", "渠县供水企业", "shuiyashuizhi", "sysz"),
    category("c-gas", "住房城乡建设", "供水供气", "停气", "县住房城乡建设局", "tingqi", "tq"),
    category("c-lamp", "住房城乡建设", "市政设施", "路灯", "县住房城乡建设局", "ludeng", "ld"),
    category("c-cover", "住房城乡建设", "市政设施", "井盖", "县住房城乡建设局", "jinggai", "jg"),
    category("c-noise", "住房城乡建设", "建筑工地", "夜间施工噪声", "县综合行政执法局", "yejianshigongzaosheng", "yjsgzs"),
    category("c-fee", "住房城乡建设", "物业管理", "物业收费", "县住房城乡建设局", "wuyeshoufei", "wysf"),
    category("c-wage", "人力资源社保", "劳动关系", "欠薪", "县人力资源和社会保障局", "qianxin", "qx"),
    category("c-med", "医疗保障", "居民医保", "参保缴费", "县医疗保障局", "canbaojiaofei", "cbjf"),
    category("c-place", "公安政法", "户籍居住", "居住证", "县公安局", "juzhuzheng", "jzz"),
  ],
  category_fields: [
    { name: "住房城乡建设", pinyin: "zhufangchengxiangjianshe", initials: "zfcxjs" },
    { name: "公安政法", pinyin: "gonganzhengfa", initials: "gazf" },
  ],
  townships: [
    {
      code: "511725001",
      name: "渠江街道",
      unit_id: "town-511725001",
      pinyin: "qujiangjiedao",
      initials: "qjjd",
      villages: [
        village("511725001001", "庆丰社区", "qingfengshequ", "qfsq"),
        village("511725001002", "流江社区", "liujiangshequ", "ljsq"),
        village("511725001004", "胜利社区", "shenglishequ", "slsq"),
        village("511725001005", "后溪社区", "houxishequ", "hxsq"),
      ],
    },
    {
      code: "511725002",
      name: "渠南街道",
      unit_id: "town-511725002",
      pinyin: "qunanjiedao",
      initials: "qnjd",
      villages: [village("511725002001", "和平社区", "hepingshequ", "hpsq"), village("511725002003", "渠光村", "quguangcun", "qgc")],
    },
    { code: "511725102", name: "临巴镇", unit_id: "town-511725102", pinyin: "linbazhen", initials: "lbz", villages: [village("511725102001", "临江社区", "linjiangshequ", "ljsq")] },
    { code: "511725104", name: "三汇镇", unit_id: "town-511725104", pinyin: "sanhuizhen", initials: "shz", villages: [village("511725104001", "汇东社区", "huidongshequ", "hdsq"), village("511725104006", "重石村", "zhongshicun", "zsc")] },
  ],
  out_of_scope: [
    outOfScope(
      1,
      "第八条（一）",
      "须通过诉讼、仲裁、纪检监察、行政复议、政府信息公开等程序解决和已进入信访渠道的事项",
      "您好，您反映的事项依法要通过专门的法定程序解决，热线不能代替这些程序作出处理。我把对应的受理机关和电话告诉您，请您记一下。",
      [
        route("诉讼", "人民法院诉讼服务", "12368", true),
        route("仲裁", "劳动人事争议仲裁委（县人社局）", "12333（咨询）", false),
        route("纪检监察", "纪检监察机关举报", "12388", true),
        route("行政复议", "县人民政府行政复议机构（县司法局）", "12348（咨询）", false),
        route("检察", "检察服务", "12309", true),
      ],
    ),
    outOfScope(2, "第八条（二）", "涉及国家秘密、商业秘密、个人隐私和违反社会公序良俗的事项", "您好，这件事涉及不便在热线里记录的内容，为保护您和他人的权益，我这里不再记录细节，请您理解。"),
    outOfScope(3, "第八条（三）", "属于 110、119、120、122 等紧急热线受理范围的事项", "您好，您说的情况属于紧急警情，我现在马上为您转接，请不要挂断。"),
    outOfScope(4, "第八条（四）", "已依法办理并出具终结办理意见书的同一诉求事项", "您好，您反映的事项已经依法办理，并出具了终结办理意见书。如果有新的事实或理由，请告诉我，我为您登记。"),
    outOfScope(5, "第八条（五）", "军队、武警部队职权范围的事项", "您好，这件事属于部队职权范围，请您向相应部队或者县人民武装部反映。"),
    outOfScope(6, "第八条（六）", "恶意攻击骚扰、诉求表述不清、无实质诉求内容的事项", "您好，请您慢慢说：是什么事、在哪里、希望怎样解决？说清楚了我好为您登记。"),
    outOfScope(7, "第八条（七）", "违反法律法规规章规定的事项", "您好，您的要求与现行法律法规的规定不一致，我向您解释一下有关规定。"),
    outOfScope(8, "第八条（八）", "法律法规规章等规定不予受理的其他事项", "您好，按照有关规定，这类事项热线不能受理，依据我念给您听。", [], true),
  ],
};
