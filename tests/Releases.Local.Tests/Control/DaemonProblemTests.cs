using System.Text.Json;
using Xunit;

namespace Releases.Local.Tests.Control;

/// <summary>A problem crosses the control socket as it is, also to and from a version that knows less of it.</summary>
public sealed class DaemonProblemTests
{
    private static readonly Problem Refused = new(
        ProblemCode.Daemon, "the disk is full.", Remedy.Do(Operation.RestartRack, "Start again"), Unchanged: Problem.NothingWasStored);

    [Fact]
    public void What_stayed_as_it_was_is_apart_from_the_message_on_the_other_side()
    {
        var arrived = Sent(DaemonProblem.From(Refused)).ToProblem();
        Assert.Equal((Refused.Message, Refused.Unchanged, Refused.Text), (arrived.Message, arrived.Unchanged, arrived.Text));
    }

    [Fact]
    public void An_earlier_version_has_all_of_it_in_the_message()
    {
        Assert.Equal(Refused.Text, Sent(DaemonProblem.From(Refused)).Message);
        var earlier = new DaemonProblem(ProblemCode.Daemon, Refused.Text, null, ProblemKind.Failed);
        var arrived = Sent(earlier).ToProblem();
        Assert.Equal((Refused.Message, Refused.Text), (arrived.Message, arrived.Text));
    }

    private static DaemonProblem Sent(DaemonProblem problem) => JsonSerializer.Deserialize(
        JsonSerializer.Serialize<IReadOnlyList<DaemonProblem>>([problem], DaemonMessages.Default.IReadOnlyListDaemonProblem),
        DaemonMessages.Default.IReadOnlyListDaemonProblem)![0];
}
