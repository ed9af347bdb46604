using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace Releases.Tests;

public sealed class ErrorPageTests
{
    [Fact]
    public void Every_code_has_a_line_on_the_page_of_errors_and_every_line_a_code()
    {
        var codes = typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);
        var listed = File.ReadLines(Page()).Where(l => l.StartsWith("| CONVOX", StringComparison.Ordinal)).Select(l => l.Split('|')[1].Trim());
        Assert.Equal(codes.Order(StringComparer.Ordinal), listed);
    }

    private static string Page([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "errors.md");
}
