package payroll.deductions;

import java.math.BigDecimal;

/** Monthly trade union dues, deducted at the employee's written request. */
public final class UnionDues implements Deduction {
    private static final BigDecimal RATE = new BigDecimal("0.008");

    private final boolean unionMember;
    private final String unionCode;

    public UnionDues(boolean unionMember, String unionCode) {
        this.unionMember = unionMember;
        this.unionCode = unionCode;
    }

    @Override
    public BigDecimal of(BigDecimal gross) {
        return unionMember ? gross.multiply(RATE) : BigDecimal.ZERO;
    }

    public String unionCode() { return unionCode; }
}
