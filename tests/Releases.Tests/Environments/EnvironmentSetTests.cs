using FsCheck.Xunit;
using Xunit;

namespace Releases.Tests.Environments;

public sealed class EnvironmentSetTests
{
    [Theory]
    [InlineData("", "x")]
    [InlineData("1A", "x")]
    [InlineData("a b", "x")]
    [InlineData("A\n", "x")]
    [InlineData("É", "x")]
    [InlineData("PORT", "x")]
    [InlineData("RELEASE", "x")]
    [InlineData("A", "nul\0")]
    public void A_key_or_a_value_that_no_process_can_be_given_is_refused(string key, string value)
    {
        var problem = Assert.Throws<ProblemException>(() => EnvironmentSet.Of([new(key, value)]));
        Assert.Equal((ProblemCode.Environment, ProblemKind.Usage), (problem.Problems[0].Code, problem.Kind));
    }

    [Fact]
    public void A_thousand_keys_fit_and_one_more_does_not()
    {
        var values = Enumerable.Range(0, 1000).Select(i => KeyValuePair.Create($"K{i}", "")).ToList();
        Assert.Equal(1000, EnvironmentSet.Of(values).Count);
        Assert.Throws<ProblemException>(() => EnvironmentSet.Of(values.Append(new("ONE_MORE", ""))));
    }

    [Fact]
    public void Its_size_is_that_of_its_JSON()
    {
        var room = EnvironmentSet.MaximumBytes - """{"A":""}""".Length;
        Assert.Equal(EnvironmentSet.MaximumBytes, EnvironmentSet.Of([new("A", new string('x', room))]).ToJson().Length);
        Assert.Throws<ProblemException>(() => EnvironmentSet.Of([new("A", new string('x', room + 1))]));
    }

    /// <summary>As docs/commands.md lists them.</summary>
    [Theory]
    [InlineData("\"", 6)]
    [InlineData("'", 6)]
    [InlineData("`", 6)]
    [InlineData("&", 6)]
    [InlineData("<", 6)]
    [InlineData(">", 6)]
    [InlineData("+", 6)]
    [InlineData("ü", 6)]
    [InlineData("🚀", 12)]
    [InlineData("\n", 2)]
    [InlineData("\t", 2)]
    [InlineData("\\", 2)]
    [InlineData("/", 1)]
    [InlineData("=", 1)]
    [InlineData("$", 1)]
    public void A_character_may_take_several_bytes_of_it(string text, int bytes) =>
        Assert.Equal("""{"A":""}""".Length + bytes, EnvironmentSet.Of([new("A", text)]).ToJson().Length);

    [Fact]
    public void A_refusal_does_not_repeat_the_value() => Assert.DoesNotContain(
        "geheim", Assert.Throws<ProblemException>(() => EnvironmentSet.Of([new("A", "geheim\0")])).Message, StringComparison.Ordinal);

    [Property]
    public void What_differs_leads_from_one_to_the_other(Dictionary<byte, byte> older, Dictionary<byte, byte> newer)
    {
        var (before, after) = (Set(older), Set(newer));
        var change = EnvironmentChange.Between(before, after);
        var applied = before.With(after.Where(v => change.Added.Contains(v.Key) || change.Changed.Contains(v.Key)), change.Removed);
        Assert.Equal(after, applied);
        Assert.True(EnvironmentChange.Between(after, applied).IsEmpty);
        Assert.Equal(before.SequenceEqual(after), change.IsEmpty);
        Assert.Equal(change.IsEmpty, change.Description.Length == 0);
    }

    [Property]
    public void It_is_read_as_it_was_written(Dictionary<byte, byte> values) =>
        Assert.Equal(Set(values), EnvironmentSet.FromJson(Set(values).ToJson()));

    private static EnvironmentSet Set(Dictionary<byte, byte> values) =>
        EnvironmentSet.Of(values.Select(v => KeyValuePair.Create($"K{v.Key}", v.Value.ToString())));
}
