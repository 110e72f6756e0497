// Forms and ledgers, as far as the window needs them: which there are, and a file of that name.
import type { ApiError, AskedExport, ExportLedger, Handed, OrderForm, OrderForms, PrintOrderForm } from "../src/backend/generated";

type Refuse = (message: string, code?: ApiError["code"]) => unknown;

const TEXTS: Record<OrderForm, string> = {
  dispatch: "交办单",
  emergency_dispatch: "应急转办单",
  urging: "催办单",
  send_back: "退回单",
  extension_request: "延期申请单",
  screening_request: "甄别申请表",
  closure_opinion: "终结办理意见书",
  completion: "办结单",
};

export class FakeForms {
  /** What the next order has; every other form is refused. */
  possible: readonly OrderForm[] = ["dispatch", "urging"];
  units: readonly string[] = ["县水务局（单独承办，已签收办理中）"];
  callerRefusal: string | null = null;
  /** Whether a ledger, and a form that names the caller, takes a second person. */
  needsApproval = false;
  /** 导出申请 that whoever sits there may decide. */
  asked: AskedExport[] = [];

  constructor(
    private readonly hand: (name: string, message: string) => Handed,
    private readonly refuse: Refuse,
  ) {}

  readonly handlers = {
    order_forms: (): OrderForms => ({
      caller_refusal: this.callerRefusal,
      forms: (Object.keys(TEXTS) as OrderForm[]).map((form) => {
        const isPossible = this.possible.includes(form);
        const assignments = isPossible ? this.units.map((text, at) => ({ number: at + 1, text })) : [];
        const refusal = isPossible ? null : form === "emergency_dispatch" ? "不是特殊事项，请用交办单。" : "承办单位还没有办理到这一步。";
        return { form, text: TEXTS[form], refusal, assignments };
      }),
    }),
    ask_to_export: () => ({ message: "已申请批准，请值班长或督办员在本机登录，在工单页处理；批准后 30 分钟内导出一次。" }),
    export_requests: (): AskedExport[] => this.asked,
    decide_export: ({ request_id }: { request_id: string }): null => {
      this.asked = this.asked.filter(({ id }) => id !== request_id);
      return null;
    },
    print_order_form: ({ form, assignment, output, template_upload_id, with_caller }: PrintOrderForm): Handed => {
      if (with_caller && this.needsApproval) throw this.refuse("写明诉求人姓名和号码的单据须另一人批准。请申请批准，再请值班长或督办员在本机登录处理。", "needs_approval");
      if (assignment === null && this.units.length > 1) throw this.refuse("请选定是哪个承办单位。");
      const by = template_upload_id === null ? "已生成，共 1 页。" : "已按本单位模板生成。";
      return this.hand(`${TEXTS[form]} QX-1.${output}`, `${TEXTS[form]}${by}`);
    },
    order_form_template: ({ form }: { form: OrderForm }): Handed => this.hand(`${TEXTS[form]}模板.docx`, "双大括号里的是字段，可以移动、删除或重复，其余文字和版式随意修改。"),
    export_ledger: ({ output, purpose }: ExportLedger): Handed => {
      if (purpose.trim() === "") throw this.refuse("请写明用途，台账的每一页都会印上。", "invalid");
      if (this.needsApproval) throw this.refuse("超过 500 行的导出须另一人批准。请申请批准，再请值班长或督办员在本机登录处理。", "needs_approval");
      return this.hand(`工单台账.${output}`, "已导出 24 件。");
    },
  };
}
