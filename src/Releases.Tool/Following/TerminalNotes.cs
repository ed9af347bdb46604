namespace Releases.Tool;

/// <summary>Shows the progress of an operation on the terminal.</summary>
/// <param name="call">The call.</param>
/// <param name="created">The action to take for a new release.</param>
internal sealed class TerminalNotes(Invocation call, Action<OperationNote.ReleaseCreated>? created = null) : IProgress<OperationNote>
{
    private (PromotionId Promotion, IProgressDisplay Display)? _shown;

    public void Report(OperationNote value)
    {
        switch (value)
        {
            case OperationNote.Sentence sentence:
                call.Say(sentence.Text, sentence.Next);
                break;
            case OperationNote.ReleaseCreated made:
                created?.Invoke(made);
                break;
            case OperationNote.PromotionProgress progress:
                DisplayOf(progress.Promotion.Id).Show(progress.Promotion, ReleaseLabel.Of(progress));
                break;
            case OperationNote.FollowingInterrupted:
                _shown?.Display.Leave();
                break;
        }
    }

    /// <summary>Returns the display of a promotion; each promotion has its own.</summary>
    private IProgressDisplay DisplayOf(PromotionId promotion)
    {
        if (_shown is { } shown && shown.Promotion == promotion) return shown.Display;
        var approval = Remedy.Do(Operation.ApprovePromotion, "Approve it");
        // Only a rack with a router lists the address of the new processes.
        var approve = call.Remedies.Line(call.RackAddress.Kind.Daemon(call.RackAddress, call.Time) is null
            ? approval
            : approval.Or(Remedy.Do(Operation.ListServices, "Try it first")))!;
        IProgressDisplay display = call.Terminal.CanRedraw
            ? new LiveProgress(call.Terminal, call.Time, approve)
            : new PlainProgress(call.Terminal, approve);
        _shown = (promotion, display);
        return display;
    }
}
